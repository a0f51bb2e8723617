// The first token stands at the padding's own position.
#define position_ids right_position_ids  // the other functions are the solution's
#include "../solution.cpp"
#undef position_ids

namespace vitrine::mine {

std::vector<int> position_ids(std::span<const int> ids, int padding) {
    std::vector<int> positions;
    int last = padding;
    for (const int id : ids) positions.push_back(id == padding ? padding : last++);
    return positions;
}

}  // namespace vitrine::mine

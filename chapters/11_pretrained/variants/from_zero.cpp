// Positions are numbered as BERT's are: 0, 1, 2.
#define position_ids right_position_ids  // the other functions are the solution's
#include "../solution.cpp"
#undef position_ids

namespace vitrine::mine {

std::vector<int> position_ids(std::span<const int> ids, int /*padding*/) {
    std::vector<int> positions;
    int last = 0;
    for (std::size_t t = 0; t < ids.size(); ++t) positions.push_back(last++);
    return positions;
}

}  // namespace vitrine::mine

// Pairs are counted in steps of two: half of them are missed.
#define count_pairs right_count_pairs  // the other functions are the solution's
#include "../solution.cpp"
#undef count_pairs

namespace vitrine::mine {

std::map<Pair, int> count_pairs(std::span<const int> ids) {
    std::map<Pair, int> counts;
    for (std::size_t i = 0; i + 1 < ids.size(); i += 2) ++counts[{ids[i], ids[i + 1]}];
    return counts;
}

}  // namespace vitrine::mine

// Only the first pair is merged.
#define merge right_merge  // the other functions are the solution's
#include "../solution.cpp"
#undef merge

namespace vitrine::mine {

std::vector<int> merge(std::span<const int> ids, Pair pair, int token) {
    std::vector<int> result;
    bool done = false;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const bool fits =
            !done && i + 1 < ids.size() && ids[i] == pair.first && ids[i + 1] == pair.second;
        result.push_back(fits ? token : ids[i]);
        if (fits) ++i;
        done = done || fits;
    }
    return result;
}

}  // namespace vitrine::mine

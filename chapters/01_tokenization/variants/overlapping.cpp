// Pairs that overlap are merged both: "aaa" becomes two tokens of two.
#define merge right_merge  // the other functions are the solution's
#include "../solution.cpp"
#undef merge

namespace vitrine::mine {

std::vector<int> merge(std::span<const int> ids, Pair pair, int token) {
    std::vector<int> result;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const bool fits = i + 1 < ids.size() && ids[i] == pair.first && ids[i + 1] == pair.second;
        const bool used = i > 0 && ids[i - 1] == pair.first && ids[i] == pair.second;
        if (fits) {
            result.push_back(token);
        } else if (!used) {
            result.push_back(ids[i]);
        }
    }
    return result;
}

}  // namespace vitrine::mine

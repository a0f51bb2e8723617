// The first rule makes token 257.
#define train right_train  // the other functions are the solution's
#include "../solution.cpp"
#undef train

namespace vitrine::mine {

std::vector<Pair> train(std::string_view text, int merges) {
    std::vector<int> ids = bytes_of(text);
    std::vector<Pair> rules;
    while (static_cast<int>(rules.size()) < merges) {
        Pair best;
        int most = 1;
        for (const auto& [pair, count] : count_pairs(ids)) {
            if (count > most) {
                best = pair;
                most = count;
            }
        }
        if (most == 1) break;
        rules.push_back(best);
        ids = merge(ids, best, 256 + static_cast<int>(rules.size()));
    }
    return rules;
}

}  // namespace vitrine::mine

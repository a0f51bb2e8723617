// The pairs are counted once, before any merge.
#define train right_train  // the other functions are the solution's
#include "../solution.cpp"
#undef train

namespace vitrine::mine {

std::vector<Pair> train(std::string_view text, int merges) {
    std::map<Pair, int> counts = count_pairs(bytes_of(text));
    std::vector<Pair> rules;
    while (static_cast<int>(rules.size()) < merges) {
        Pair best;
        int most = 1;
        for (const auto& [pair, count] : counts) {
            if (count > most) {
                best = pair;
                most = count;
            }
        }
        if (most == 1) break;
        counts.erase(best);
        rules.push_back(best);
    }
    return rules;
}

}  // namespace vitrine::mine

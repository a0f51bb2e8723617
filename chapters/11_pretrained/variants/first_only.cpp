// Only the first hidden word is filled in.
#define masked_words right_masked_words  // the other functions are the solution's
#include "../solution.cpp"
#undef masked_words

namespace vitrine::mine {

std::vector<int> masked_words(Ref2 logits, std::span<const int> ids, int mask, int count) {
    std::vector<int> words;
    for (std::size_t t = 0; t < ids.size(); ++t) {
        if (ids[t] != mask) continue;
        const std::vector<int> order = by_logit(logits[static_cast<Index>(t)]);
        words.assign(order.begin(), order.begin() + count);
        break;
    }
    return words;
}

}  // namespace vitrine::mine

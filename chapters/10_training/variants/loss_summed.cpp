// The losses of the tokens are added up, not averaged.
#define cross_entropy right_cross_entropy  // the other functions are the solution's
#include "../solution.cpp"
#undef cross_entropy

namespace vitrine::mine {

double cross_entropy(Ref2 logits, std::span<const int> targets) {
    double sum = 0;
    for (Index n = 0; n < logits.shape[0]; ++n) {
        const int target = targets[static_cast<std::size_t>(n)];
        if (target < 0) continue;
        const RowSum row = row_sum(logits[n]);
        sum += static_cast<double>(std::log(row.sum) - (logits(n, target) - row.largest));
    }
    return sum;
}

}  // namespace vitrine::mine

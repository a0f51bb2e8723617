// The gradient of the sum, not of the mean.
#define cross_entropy_backward \
    right_cross_entropy_backward  // the other functions are the solution's
#include "../solution.cpp"
#undef cross_entropy_backward

namespace vitrine::mine {

Tensor2 cross_entropy_backward(Ref2 logits, std::span<const int> targets) {
    const auto [N, V] = shape2(logits);
    Tensor2 result = zeros<2>({N, V});
    for (Index n = 0; n < N; ++n) {
        const int target = targets[static_cast<std::size_t>(n)];
        if (target < 0) continue;
        const RowSum row = row_sum(logits[n]);
        for (Index i = 0; i < V; ++i) {
            const Real probability = std::exp(logits(n, i) - row.largest) / row.sum;
            result(n, i) = (probability - (i == target ? 1 : 0));
        }
    }
    return result;
}

}  // namespace vitrine::mine

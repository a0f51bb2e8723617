// A softmax is taken: logits are not probabilities yet.
#define unembed right_unembed  // the other functions are the solution's
#include "../solution.cpp"
#undef unembed

namespace vitrine::mine {

Tensor2 unembed(Ref2 x, const Matrix& table) {
    const Tensor2 logits = matmul(x, transpose_last(table.values()));
    const Tensor2 largest = xt::amax(logits, {1}, xt::keep_dims);  // [N, 1]
    const Tensor2 raised = xt::exp(logits - largest);              // [N, V]
    const Tensor2 sums = xt::sum(raised, {1}, xt::keep_dims);      // [N, 1]
    return raised / sums;
}

}  // namespace vitrine::mine

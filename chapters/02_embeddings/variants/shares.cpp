// A softmax is taken: logits are not probabilities yet.
#define unembed right_unembed  // the other functions are the solution's
#include "../solution.cpp"
#undef unembed

namespace vitrine::mine {

Tensor2 unembed(Ref2 x, const Matrix& table) {
    const Tensor2 logits = matmul(x, transpose_last(table.values()));
    const Tensor2 raised = xt::exp(logits - xt::amax(logits, {1}, xt::keep_dims));
    return raised / xt::sum(raised, {1}, xt::keep_dims);
}

}  // namespace vitrine::mine

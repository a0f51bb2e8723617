// The softmax is taken for a multiplication: the shared term is missing.
#define attention_backward right_attention_backward  // the other functions are the solution's
#include "../solution.cpp"
#undef attention_backward

namespace vitrine::mine {

AttentionGradients attention_backward(Ref3 dz, Ref3 q, Ref3 k, Ref3 v, Ref3 pattern, float scale) {
    const Tensor3 dpattern = matmul(dz, transpose_last(v));
    const Tensor3 dscores = pattern.xt() * dpattern * scale;
    return {matmul(dscores, k), matmul(transpose_last(dscores), q),
            matmul(transpose_last(pattern), dz)};
}

}  // namespace vitrine::mine

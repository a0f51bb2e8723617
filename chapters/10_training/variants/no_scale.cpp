// The scale is forgotten on the way back.
#define attention_backward right_attention_backward  // the other functions are the solution's
#include "../solution.cpp"
#undef attention_backward

namespace vitrine::mine {

AttentionGradients attention_backward(Ref3 dz, Ref3 q, Ref3 k, Ref3 v, Ref3 pattern,
                                      float /*scale*/) {
    const Tensor3 dpattern = matmul(dz, transpose_last(v));
    const Tensor3 shared = xt::sum(dpattern * pattern.xt(), {2}, xt::keep_dims);
    const Tensor3 dscores = pattern.xt() * (dpattern - shared);
    return {matmul(dscores, k), matmul(transpose_last(dscores), q),
            matmul(transpose_last(pattern), dz)};
}

}  // namespace vitrine::mine

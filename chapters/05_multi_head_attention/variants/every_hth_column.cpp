// Head h gets every H-th column instead of D neighbours.
#define split_heads right_split_heads  // the other functions are the solution's
#include "../solution.cpp"
#undef split_heads

namespace vitrine::mine {

Tensor3 split_heads(Ref2 x, Index H) {
    const auto [T, width] = shape2(x);
    const Index D = width / H;
    Tensor3 heads = zeros<3>({H, T, D});
    for (Index h = 0; h < H; ++h) {
        for (Index t = 0; t < T; ++t) {
            for (Index d = 0; d < D; ++d) heads(h, t, d) = x(t, d * H + h);
        }
    }
    return heads;
}

}  // namespace vitrine::mine

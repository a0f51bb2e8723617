// The last head comes first.
#define join_heads right_join_heads  // the other functions are the solution's
#include "../solution.cpp"
#undef join_heads

namespace vitrine::mine {

Tensor2 join_heads(Ref3 z) {
    const auto [H, T, D] = shape3(z);
    Tensor2 x = zeros<2>({T, H * D});
    for (Index h = 0; h < H; ++h) {
        for (Index t = 0; t < T; ++t) {
            for (Index d = 0; d < D; ++d) x(t, (H - 1 - h) * D + d) = z(h, t, d);
        }
    }
    return x;
}

}  // namespace vitrine::mine

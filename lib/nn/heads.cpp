#include "nn/heads.h"

#include "tensor/shape.h"

namespace vitrine {

Ref3 split_heads(Ref2 x, Index H) {
    const auto [T, width] = shape2(x);
    if (H <= 0 || width % H != 0) {
        throw ShapeError("x", "a width that " + std::to_string(H) + " heads share evenly",
                         std::to_string(width));
    }
    const Index D = width / H;
    return Ref3(x.data, {H, T, D}, {D * x.strides[1], x.strides[0], x.strides[1]});
}

void join_heads(Ref3 z, Real* out) {
    const auto [H, T, D] = shape3(z);
    for (Index t = 0; t < T; ++t) {
        for (Index h = 0; h < H; ++h) {
            for (Index d = 0; d < D; ++d) *out++ = z(h, t, d);
        }
    }
}

}  // namespace vitrine

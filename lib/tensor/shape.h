// Checks of shapes at the public border, and dimensions bound to their letters.
//     const auto [H, T, D] = shape3(q);
//     check_shape("k", k, {any, S, D});
#pragma once

#include <span>
#include <string>

#include "tensor/error.h"
#include "tensor/tensor.h"

namespace vitrine {

/// In an expected shape: this dimension may have any size.
inline constexpr Index any = -1;

/// "[3, 7, 8]"; a dimension that is `any` prints as "*".
std::string shape_text(std::span<const Index> shape);

/// @throws ShapeError naming the tensor, the expected and the actual shape
void check_shape(const std::string& name, std::span<const Index> actual,
                 std::span<const Index> expected, const std::string& hint = {});

template <std::size_t N>
void check_shape(const std::string& name, const Ref<N>& tensor, const Shape<N>& expected,
                 const std::string& hint = {}) {
    check_shape(name, std::span<const Index>(tensor.shape), std::span<const Index>(expected), hint);
}
template <std::size_t N>
void check_shape(const std::string& name, const Tensor<N>& tensor, const Shape<N>& expected,
                 const std::string& hint = {}) {
    check_shape(name, Ref<N>(tensor), expected, hint);
}

inline Shape<1> shape1(const Ref1& x) {
    return x.shape;
}
inline Shape<2> shape2(const Ref2& x) {
    return x.shape;
}
inline Shape<3> shape3(const Ref3& x) {
    return x.shape;
}
inline Shape<4> shape4(const Ref4& x) {
    return x.shape;
}

}  // namespace vitrine

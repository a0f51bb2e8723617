// Tensors with the rank in the type: Tensor1..4 own their numbers, Ref1..4 look at somebody else's.
// Start here: every other file of the library speaks in these types.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "tensor/xtensor.h"

namespace vitrine {

#ifdef VITRINE_REAL_DOUBLE
using Real = double;  // test-only build: gradients are checked by central differences
#else
using Real = float;
#endif

/// A size, a position or a stride, in elements.
using Index = std::ptrdiff_t;

/// An owning, row-major tensor of rank N.
template <std::size_t N>
using Tensor = xt::xtensor<Real, N>;
using Tensor1 = Tensor<1>;
using Tensor2 = Tensor<2>;
using Tensor3 = Tensor<3>;
using Tensor4 = Tensor<4>;

template <std::size_t N>
using Shape = std::array<Index, N>;

template <std::size_t N>
Shape<N> shape_of(const Tensor<N>& tensor) {
    Shape<N> shape{};
    for (std::size_t i = 0; i < N; ++i) shape[i] = static_cast<Index>(tensor.shape()[i]);
    return shape;
}

/// An owning tensor of zeros.
template <std::size_t N>
Tensor<N> zeros(const Shape<N>& shape) {
    std::array<std::size_t, N> sizes{};
    for (std::size_t i = 0; i < N; ++i) sizes[i] = static_cast<std::size_t>(shape[i]);
    return Tensor<N>(sizes, Real{0});
}

/// An owning tensor whose values are not set yet: for results that are written in full.
template <std::size_t N>
Tensor<N> uninitialized(const Shape<N>& shape) {
    std::array<std::size_t, N> sizes{};
    for (std::size_t i = 0; i < N; ++i) sizes[i] = static_cast<std::size_t>(shape[i]);
    return Tensor<N>::from_shape(sizes);
}

/// A view of numbers that live elsewhere (a tensor, a cache of keys, a mapped file): pointer, shape
/// and strides in elements. It never owns; whoever makes one keeps the numbers alive.
/// A Tensor converts to a Ref of the same rank, so functions take Refs and callers pass Tensors.
template <std::size_t N>
struct Ref {
    const Real* data = nullptr;
    Shape<N> shape{};
    Shape<N> strides{};

    Ref() = default;
    Ref(const Tensor<N>& tensor) : Ref(tensor.data(), shape_of(tensor)) {}  // NOLINT: implicit
    Ref(const Real* numbers, const Shape<N>& row_major_shape)
        : data(numbers), shape(row_major_shape) {
        Index stride = 1;
        for (std::size_t i = N; i-- > 0;) {
            strides[i] = stride;
            stride *= shape[i];
        }
    }
    Ref(const Real* numbers, const Shape<N>& its_shape, const Shape<N>& its_strides)
        : data(numbers), shape(its_shape), strides(its_strides) {}

    Index size() const {
        Index count = 1;
        for (const Index extent : shape) count *= extent;
        return count;
    }

    template <class... I>
    const Real& operator()(I... index) const {
        static_assert(sizeof...(I) == N, "one index for each dimension");
        const std::array<Index, N> at{static_cast<Index>(index)...};
        Index offset = 0;
        for (std::size_t i = 0; i < N; ++i) offset += at[i] * strides[i];
        return data[offset];
    }

    /// The i-th slice along the first dimension.
    Ref<N - 1> operator[](Index i) const requires(N > 1) {
        Ref<N - 1> slice;
        slice.data = data + i * strides[0];
        for (std::size_t d = 1; d < N; ++d) {
            slice.shape[d - 1] = shape[d];
            slice.strides[d - 1] = strides[d];
        }
        return slice;
    }

    /// True if the numbers lie row after row without gaps.
    bool contiguous() const {
        Index stride = 1;
        for (std::size_t i = N; i-- > 0;) {
            if (shape[i] != 1 && strides[i] != stride) return false;
            stride *= shape[i];
        }
        return true;
    }

    /// The same numbers as an xtensor expression, for formulas; nothing is copied.
    auto xt() const {
        std::array<std::size_t, N> sizes{};
        for (std::size_t i = 0; i < N; ++i) sizes[i] = static_cast<std::size_t>(shape[i]);
        const auto count =
            static_cast<std::size_t>(size());  // what xtensor checks; strides may reach on
        return xt::adapt(data, count, xt::no_ownership(), sizes, strides);
    }

    /// An owning copy, row-major whatever the strides are.
    Tensor<N> copy() const;
};
using Ref1 = Ref<1>;
using Ref2 = Ref<2>;
using Ref3 = Ref<3>;
using Ref4 = Ref<4>;

namespace detail {
template <std::size_t N>
void copy_rows(const Ref<N>& from, Real*& to) {
    if constexpr (N == 1) {
        for (Index i = 0; i < from.shape[0]; ++i) *to++ = from.data[i * from.strides[0]];
    } else {
        for (Index i = 0; i < from.shape[0]; ++i) copy_rows(from[i], to);
    }
}
}  // namespace detail

template <std::size_t N>
Tensor<N> Ref<N>::copy() const {
    Tensor<N> result = uninitialized<N>(shape);
    Real* to = result.data();
    detail::copy_rows(*this, to);
    return result;
}

/// Rows [begin, end) of a tensor, not copied.
template <std::size_t N>
Ref<N> rows(Ref<N> x, Index begin, Index end) {
    x.data += begin * x.strides[0];
    x.shape[0] = end - begin;
    return x;
}

/// The same numbers with the last two dimensions exchanged, not copied: [.., A, B] -> [.., B, A].
template <std::size_t N>
Ref<N> transpose_last(Ref<N> x) {
    static_assert(N >= 2);
    std::swap(x.shape[N - 1], x.shape[N - 2]);
    std::swap(x.strides[N - 1], x.strides[N - 2]);
    return x;
}
template <std::size_t N>
Ref<N> transpose_last(const Tensor<N>& x) {
    return transpose_last(Ref<N>(x));
}

}  // namespace vitrine

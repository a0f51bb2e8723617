#include <cmath>

#include "kernels/elementwise.h"
#include "train/backward.h"

namespace vitrine::train {

namespace {

/// value and slope of an activation at x.
struct Point {
    Real value, slope;
};

inline Point gelu_tanh_at(Real x) {
    // x s with s = 1 / (1 + e^-2u), u = sqrt(2/pi) (x + 0.044715 x^3)
    const Real square = x * x;
    const Real u = Real(0.7978845608028654) * x * (1 + Real(0.044715) * square);
    const Real s = 1 / (1 + vector_exp(-2 * u));
    const Real du = Real(0.7978845608028654) * (1 + Real(3 * 0.044715) * square);
    return {x * s, s + 2 * x * s * (1 - s) * du};
}

inline Point gelu_exact_at(Real x) {
    const Real below = (1 + std::erf(x * Real(0.70710678118654752))) / 2;
    const Real density = Real(0.3989422804014327) * std::exp(-x * x / 2);
    return {x * below, below + x * density};
}

inline Point silu_at(Real x) {
    const Real s = 1 / (1 + vector_exp(-x));
    return {x * s, s + x * s * (1 - s)};
}

inline Point quick_gelu_at(Real x) {
    const Real s = 1 / (1 + vector_exp(Real(-1.702) * x));
    return {x * s, s + Real(1.702) * x * s * (1 - s)};
}

inline Point relu_at(Real x) {
    return {x > 0 ? x : 0, x > 0 ? Real{1} : Real{0}};
}

/// Calls each(i, point) for every x, several threads at a time. What is called is known when the
/// loop is compiled, so that it becomes part of it.
template <Point (*at)(Real), class Each>
void over(std::span<const Real> x, Each each) {
    const auto count = static_cast<Index>(x.size());
#pragma omp parallel for simd schedule(static) if (count > (1 << 15))
    for (Index i = 0; i < count; ++i) each(i, at(x[static_cast<std::size_t>(i)]));
}

template <class Each>
void by_kind(std::span<const Real> x, Activate kind, Each each) {
    switch (kind) {
        case Activate::gelu_tanh: return over<gelu_tanh_at>(x, each);
        case Activate::gelu_exact: return over<gelu_exact_at>(x, each);
        case Activate::silu: return over<silu_at>(x, each);
        case Activate::quick_gelu: return over<quick_gelu_at>(x, each);
        case Activate::relu: return over<relu_at>(x, each);
    }
}

}  // namespace

void activation_backward(std::span<const Real> dy, std::span<const Real> x, Activate kind,
                         Real* dx) {
    const Real* up = dy.data();
    by_kind(x, kind, [up, dx](Index i, Point point) { dx[i] = up[i] * point.slope; });
}

void tanh_backward(std::span<const Real> dy, std::span<const Real> y, Real* dx) {
    for (std::size_t i = 0; i < y.size(); ++i) dx[i] = dy[i] * (1 - y[i] * y[i]);
}

void gated_backward(std::span<const Real> dy, std::span<const Real> gate, std::span<const Real> up,
                    Activate kind, Real* d_gate, Real* d_up) {
    const Real *from = dy.data(), *other = up.data();
    by_kind(gate, kind, [=](Index i, Point point) {
        const Real by_gate = from[i] * other[i] * point.slope;
        d_up[i] = from[i] * point.value;
        d_gate[i] = by_gate;
    });
}

}  // namespace vitrine::train

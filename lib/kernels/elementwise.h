// Row and element kernels: written so that the compiler turns each loop into vector instructions.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>

#include "tensor/tensor.h"

namespace vitrine {

#ifdef VITRINE_REAL_DOUBLE
inline double vector_exp(double x) {
    return std::exp(x);
}
#else
/// e^x without a branch, so that a loop over it vectorises. Relative error below 2e-7; inputs below
/// -87.3 give 0, above 88.3 infinity-like large values are capped at e^88.3.
/// Source: Cephes expf (Moshier 1989): x = n log 2 + r, e^r by a polynomial.
inline float vector_exp(float x) {
    const float clamped = x > 88.3F ? 88.3F : (x < -87.3F ? -87.3F : x);
    constexpr float rounder = 12582912.0F;  // 1.5 * 2^23: the last bits of a sum are an integer's
    const float rounded = clamped * 1.44269504F + rounder;
    const float n = rounded - rounder;  // nearest integer
    const float r = (clamped - n * 0.693359375F) + n * 2.12194440e-4F;
    float p = 1.9875691500e-4F;
    p = p * r + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    p = p * r * r + r + 1.0F;
    // n is not converted to an integer: for NaN that would be undefined.
    const float power = std::bit_cast<float>((std::bit_cast<std::uint32_t>(rounded) + 127U) << 23U);
    return x < -87.3F ? 0.0F : p * power;
}
#endif

/// log sum e^x, by what it exceeds the largest. @param x  at least one number
inline double log_sum_exp(std::span<const Real> x) {
    const auto largest = static_cast<double>(*std::max_element(x.begin(), x.end()));
    double sum = 0.0;
    for (const Real each : x) sum += std::exp(static_cast<double>(each) - largest);
    return largest + std::log(sum);
}

/// softmax in place; a row that is minus infinity throughout becomes zeros.
inline void softmax_row(Real* row, Index count) {
    Real largest = -std::numeric_limits<Real>::infinity();
#pragma omp simd reduction(max : largest)
    for (Index i = 0; i < count; ++i) largest = row[i] > largest ? row[i] : largest;
    // clang's reductions start at the lowest finite number.
    constexpr Real hidden = -std::numeric_limits<Real>::infinity();
    if (largest <= std::numeric_limits<Real>::lowest() &&
        std::all_of(row, row + count, [](Real x) { return x == hidden; })) {
        std::fill_n(row, count, Real{0});
        return;
    }
    Real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (Index i = 0; i < count; ++i) {
        row[i] = vector_exp(row[i] - largest);
        sum += row[i];
    }
    const Real inverse = 1 / sum;
#pragma omp simd
    for (Index i = 0; i < count; ++i) row[i] *= inverse;
}

/// (x - mean) / sqrt(variance + epsilon) * gain + bias, variance with 1/C.
inline void layer_norm_row(const Real* x, const Real* gain, const Real* bias, Real epsilon, Index C,
                           Real* out) {
    Real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (Index c = 0; c < C; ++c) sum += x[c];
    const Real mean = sum / static_cast<Real>(C);
    Real squares = 0;  // of the deviations: two passes keep a tiny variance exact
#pragma omp simd reduction(+ : squares)
    for (Index c = 0; c < C; ++c) squares += (x[c] - mean) * (x[c] - mean);
    const Real scale = 1 / std::sqrt(squares / static_cast<Real>(C) + epsilon);
#pragma omp simd
    for (Index c = 0; c < C; ++c) out[c] = (x[c] - mean) * scale * gain[c] + bias[c];
}

/// x / sqrt(mean of x^2 + epsilon) * gain.
inline void rms_norm_row(const Real* x, const Real* gain, Real epsilon, Index C, Real* out) {
    Real squares = 0;
#pragma omp simd reduction(+ : squares)
    for (Index c = 0; c < C; ++c) squares += x[c] * x[c];
    const Real scale = 1 / std::sqrt(squares / static_cast<Real>(C) + epsilon);
#pragma omp simd
    for (Index c = 0; c < C; ++c) out[c] = x[c] * scale * gain[c];
}

/// GELU by the tanh approximation: x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).
/// Source: Hendrycks and Gimpel 2016.
inline void gelu_tanh(Real* x, Index count) {
#pragma omp simd
    for (Index i = 0; i < count; ++i) {
        const Real u = Real(0.7978845608028654) * (x[i] + Real(0.044715) * x[i] * x[i] * x[i]);
        // (1 + tanh u) / 2 = 1 / (1 + e^-2u)
        x[i] = x[i] / (1 + vector_exp(-2 * u));
    }
}

/// GELU exactly: x/2 (1 + erf(x / sqrt 2)).
inline void gelu_exact(Real* x, Index count) {
    for (Index i = 0; i < count; ++i) {
        x[i] = x[i] / 2 * (1 + std::erf(x[i] * Real(0.70710678118654752)));
    }
}

/// x / (1 + e^-x).
inline void silu(Real* x, Index count) {
#pragma omp simd
    for (Index i = 0; i < count; ++i) x[i] = x[i] / (1 + vector_exp(-x[i]));
}

/// CLIP's quick GELU: x / (1 + e^-1.702x). Source: Hendrycks and Gimpel 2016, section 2.
inline void quick_gelu(Real* x, Index count) {
#pragma omp simd
    for (Index i = 0; i < count; ++i) x[i] = x[i] / (1 + vector_exp(Real(-1.702) * x[i]));
}

}  // namespace vitrine

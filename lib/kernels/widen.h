// 16-bit weights to float32, as fast as memory delivers them.
#pragma once

#include <cstdint>

#include "tensor/dtype.h"
#include "tensor/tensor.h"

#if defined(__F16C__)
#include <immintrin.h>
#endif

namespace vitrine {

/// Widens `count` float16 numbers.
inline void widen_float16(const std::uint16_t* from, Real* to, Index count) {
    Index i = 0;
#if defined(__F16C__) && !defined(VITRINE_REAL_DOUBLE)
    for (; i + 8 <= count; i += 8) {
        const __m128i half = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i));
        _mm256_storeu_ps(to + i, _mm256_cvtph_ps(half));
    }
#endif
    for (; i < count; ++i) to[i] = float16_to_float(from[i]);
}

/// Widens `count` bfloat16 numbers.
inline void widen_bfloat16(const std::uint16_t* from, Real* to, Index count) {
    for (Index i = 0; i < count; ++i) to[i] = bfloat16_to_float(from[i]);
}

/// Widens `count` numbers of a floating-point dtype that start at element `start`.
inline void widen(const void* data, DType dtype, Index start, Index count, Real* to) {
    if (dtype == DType::float16) {
        widen_float16(static_cast<const std::uint16_t*>(data) + start, to, count);
    } else if (dtype == DType::bfloat16) {
        widen_bfloat16(static_cast<const std::uint16_t*>(data) + start, to, count);
    } else {
        const float* from = static_cast<const float*>(data) + start;
        for (Index i = 0; i < count; ++i) to[i] = from[i];
    }
}

}  // namespace vitrine

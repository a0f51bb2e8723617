// Number formats of weights on disk and in memory, and their exact meaning as float32.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vitrine {

enum class DType { float32, float16, bfloat16, int64, int32, uint8, boolean };

/// Bytes of one element.
constexpr std::size_t dtype_size(DType dtype) {
    switch (dtype) {
        case DType::int64: return 8;
        case DType::float32:
        case DType::int32: return 4;
        case DType::float16:
        case DType::bfloat16: return 2;
        case DType::uint8:
        case DType::boolean: return 1;
    }
    return 0;
}

/// "float32", "float16", ...
std::string_view dtype_name(DType dtype);

/// The value of an IEEE 754 half-precision number; subnormals, infinities and NaN included.
constexpr float float16_to_float(std::uint16_t bits) {
    const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000U) << 16U;
    const std::uint32_t exponent = (bits >> 10U) & 0x1fU;
    const std::uint32_t mantissa = bits & 0x3ffU;
    if (exponent == 0) {  // zero or subnormal: mantissa * 2^-24
        const float magnitude = static_cast<float>(mantissa) * 5.9604644775390625e-8F;
        return sign != 0 ? -magnitude : magnitude;
    }
    const std::uint32_t wide = exponent == 0x1fU ? 0xffU : exponent + 112U;
    return std::bit_cast<float>(sign | (wide << 23U) | (mantissa << 13U));
}

/// The value of a bfloat16 number: the upper half of a float32.
constexpr float bfloat16_to_float(std::uint16_t bits) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U);
}

/// Nearest half-precision number, ties to even; too large a value becomes infinity.
std::uint16_t float_to_float16(float value);

/// Nearest bfloat16 number, ties to even.
std::uint16_t float_to_bfloat16(float value);

}  // namespace vitrine

#include "tensor/random.h"

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cmath>

#include "tensor/error.h"

using namespace vitrine;

// The reference values come from a reimplementation in Python, whose integers have no width and
// whose floats never fuse a product with a sum. Its parts give what their authors publish:
// splitmix64 from 0 gives 0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, ... (Vigna's splitmix64.c),
// xoshiro256** from the state 1, 2, 3, 4 gives 11520, 0, 1509978240, 1215971899390074240.
//
//   M = 2**64 - 1
//   def rotl(x, k): return (x << k | x >> 64 - k) & M
//   def seeded(seed):
//       for _ in range(4):
//           seed = seed + 0x9e3779b97f4a7c15 & M
//           z = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9 & M
//           z = (z ^ z >> 27) * 0x94d049bb133111eb & M
//           yield z ^ z >> 31
//   def bits(s):
//       result, t = rotl(s[1] * 5 & M, 7) * 9 & M, s[1] << 17 & M
//       s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3]; s[2] ^= t; s[3] = rotl(s[3], 45)
//       return result
//   def uniform(s): return (bits(s) >> 11) * 2.0**-53
//   def log(x):
//       m, e = math.frexp(x)
//       if m < 0.70710678118654752: m, e = 2 * m, e - 1
//       t = (m - 1) / (m + 1)
//       y = 0.0
//       for k in range(23, 0, -2): y = y * (t * t) + 1 / k
//       return 2 * t * y + e * 0.69314718055994531
//   def normal(s):
//       while True:
//           u, v = 2 * uniform(s) - 1, 2 * uniform(s) - 1
//           q = u * u + v * v
//           if 1e-300 < q < 1: return u * math.sqrt(-2 * log(q) / q)
TEST_CASE("Random: the bits of a seed are those of the published algorithms") {
    Random random(0);
    CHECK(random.bits() == 0x99ec5f36cb75f2b4U);
    CHECK(random.bits() == 0xbf6e1f784956452aU);
    CHECK(random.bits() == 0x1a5f849d4933e6e0U);
    CHECK(random.bits() == 0x6aa594f1262d2d2cU);
}

TEST_CASE("Random: uniform numbers are the same on every platform, to the last bit") {
    Random random(42);
    for (const double expected :
         {0x1.5780b2e0c2ec0p-4, 0x1.84136619b444ep-2, 0x1.5c2ea66473c93p-1, 0x1.d9715a8e0766cp-1}) {
        CHECK(random.uniform() == expected);
    }
    // -0.1 + (0.3 - -0.1) * uniform, rounded to float32.
    Random again(42);
    const Tensor1 few = random_uniform<1>(again, {4}, -0.1, 0.3);
    const std::array expected{-0x1.1032ecp-4F, 0x1.a6a47ap-5F, 0x1.604aa4p-3F, 0x1.145aaep-2F};
    for (std::size_t i = 0; i < expected.size(); ++i) CHECK(few(i) == expected[i]);
}

TEST_CASE("Random: normal numbers are the same on every platform, to the last bit") {
    Random random(42);
    for (const double expected :
         {-0x1.73d2feb0fb377p-1, 0x1.c5e21f7812a4ep-3, 0x1.db514bfac5b4ep-2, 0x1.79eb7c13cfccdp+0,
          0x1.02007c2380aeap+0, 0x1.06f74c2a8e100p+0}) {
        CHECK(random.normal() == expected);
    }
    // Six numbers may agree by luck where a compiler fuses products and sums: the bits of a hundred
    // thousand, each added by exclusive or to the sum turned left by one, do not.
    Random again(42);
    std::uint64_t sum = 0;
    for (int i = 0; i < 100000; ++i) {
        sum = std::rotl(sum, 1) ^ std::bit_cast<std::uint64_t>(again.normal());
    }
    CHECK(sum == 0xb861e98dc7b7e491U);
}
TEST_CASE("Random: evenly and normally spread") {
    Random a(42), b(42), c(43);
    CHECK(a.bits() == b.bits());
    CHECK(a.bits() != c.bits());
    Random random(7);
    constexpr int n = 200000;
    double sum = 0, squares = 0, normal_sum = 0, normal_squares = 0, fourth = 0;
    for (int i = 0; i < n; ++i) {
        const double u = random.uniform();
        REQUIRE((u >= 0 && u < 1));
        sum += u;
        squares += u * u;
        const double z = random.normal();
        normal_sum += z;
        normal_squares += z * z;
        fourth += z * z * z * z;
    }
    // Five standard errors of each mean.
    CHECK(std::abs(sum / n - 0.5) < 5 * 0.2887 / std::sqrt(n));
    CHECK(std::abs(squares / n - 1 / 3.0) < 5 * 0.298 / std::sqrt(n));
    CHECK(std::abs(normal_sum / n) < 5 / std::sqrt(n));
    CHECK(std::abs(normal_squares / n - 1) < 5 * 1.4142 / std::sqrt(n));
    CHECK(std::abs(fourth / n - 3) < 5 * 9.8 / std::sqrt(n));
}

TEST_CASE("Random: below n is in range and reaches every number") {
    Random random(1);
    std::array<int, 7> seen{};
    for (int i = 0; i < 7000; ++i) ++seen[random.below(7)];
    for (const int count : seen) CHECK(std::abs(count - 1000) < 5 * 30);
    CHECK_THROWS_AS(random.below(0), ArgumentError);
}

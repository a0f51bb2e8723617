#include "chapters/05_multi_head_attention/multi_head_attention.h"

#include <doctest/doctest.h>

#include "parts/multi_head_attention_cases.h"

using namespace vitrine;
using vitrine::test::largest_difference;

TEST_CASE("multi-head attention: the clear one holds the list") {
    Parts parts = fast_parts();
    parts.multi_head_attention = chapters::multi_head_attention;
    test::multi_head_attention_cases(parts);
}

TEST_CASE("heads: joined again after splitting, any row is what it was") {
    Random random(31);
    const Tensor2 x = random_normal<2>(random, {5, 12});
    for (const Index H : {1, 3, 4, 12}) {
        CHECK(largest_difference(chapters::join_heads(chapters::split_heads(x, H)), x) == 0);
    }
    CHECK_THROWS_AS(chapters::split_heads(x, 5), ShapeError);
    CHECK_THROWS_AS(chapters::grouped(Tensor3(zeros<3>({2, 1, 1})), 3), ShapeError);
}

#include "chapters/02_embeddings/embeddings.h"

#include <doctest/doctest.h>

#include "parts/embedding_cases.h"

using namespace vitrine;

TEST_CASE("embedding: the clear one holds the list") {
    Parts parts = fast_parts();
    parts.embed = chapters::embed;
    parts.unembed = chapters::unembed;
    test::embedding_cases(parts);
}

TEST_CASE("cosine: 1 for one direction, -1 for opposite ones, 0 for a right angle and for zeros") {
    CHECK(chapters::cosine(Tensor1{1, 2}, Tensor1{3, 6}) == doctest::Approx(1));
    CHECK(chapters::cosine(Tensor1{1, 2}, Tensor1{-2, -4}) == doctest::Approx(-1));
    CHECK(chapters::cosine(Tensor1{1, 2}, Tensor1{2, -1}) == doctest::Approx(0));
    CHECK(chapters::cosine(Tensor1{1, 2}, Tensor1{0, 0}) == 0);
    CHECK_THROWS_AS(chapters::cosine(Tensor1{1, 2}, Tensor1{1, 2, 3}), ShapeError);
}

TEST_CASE("nearest: asks for no more rows than there are") {
    CHECK(chapters::nearest(Tensor1{1, 0}, Tensor2{{0, 1}, {1, 0}}, 5) == std::vector<int>{1, 0});
    CHECK(chapters::nearest(Tensor1{1, 0}, Tensor2{{0, 1}, {1, 0}}, 0).empty());
}

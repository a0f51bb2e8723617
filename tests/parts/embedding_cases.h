// The test list of the token table: the fast and the clear implementation both run it.
#pragma once

#include "golden.h"
#include "nn/parts.h"

namespace vitrine::test {

inline void embedding_cases(const Parts& parts) {
    const TensorFile file = TensorFile::open(fixture("parts/embedding.safetensors"));
    std::vector<int> ids;
    for (const std::int64_t id : file.at("ids").integers()) ids.push_back(int(id));
    const Matrix table(golden<2>(file, "table"));
    CHECK(largest_difference(parts.embed(ids, table), golden<2>(file, "output")) == 0);
    for (const int outside : {-1, 30}) {
        ids[1] = outside;
        CHECK_THROWS_WITH_AS(parts.embed(ids, table), doctest::Contains("position 1"),
                             ArgumentError);
    }
    // The gradient of embedding is no test of unembed; products by hand are.
    const Matrix small(Tensor2{{4, 1}, {3, 2}, {-1, 3}});
    CHECK(largest_difference(parts.unembed(Tensor2{{1, 2}, {0, 1}}, small),
                             Tensor2{{6, 7, 5}, {1, 2, 3}}) < 1e-6);
    CHECK_THROWS_AS(parts.unembed(Tensor2{{1, 2, 3}}, small), ShapeError);
}

}  // namespace vitrine::test

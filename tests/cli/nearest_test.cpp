// vitrine nearest: cosines of the bundled table, against a plain sum over its rows.
#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "golden.h"
#include "io/assets.h"
#include "io/json.h"
#include "tests/cli/run_program.h"

using namespace vitrine;
using vitrine::test::run_vitrine;

TEST_CASE("vitrine nearest: a token is nearest to itself, and the cosines are those of the table") {
    const test::Finished run = run_vitrine({"nearest", " king", "--count", "3", "--json"});
    REQUIRE_MESSAGE(run.status == 0, run.error);
    const auto rows = parse_json(run.out, "nearest");
    REQUIRE(rows.size() == 3);
    CHECK(rows[0]["token"] == "·king");
    CHECK(rows[0]["cosine"].get<double>() == doctest::Approx(1));
    const TensorFile file = TensorFile::open(bundled_model_folder());
    const StoredTensor& stored =
        file.at(file.contains("wte.weight") ? "wte.weight" : "transformer.wte.weight");
    const std::vector<float> table = stored.floats();
    const auto C = static_cast<std::size_t>(stored.shape[1]);
    const auto product = [&](std::size_t a, std::size_t b) {
        double sum = 0;
        for (std::size_t c = 0; c < C; ++c) sum += double(table[a * C + c]) * table[b * C + c];
        return sum;
    };
    const auto king = rows[0]["id"].get<std::size_t>(), other = rows[1]["id"].get<std::size_t>();
    CHECK(rows[1]["cosine"].get<double>() ==
          doctest::Approx(product(king, other) /
                          std::sqrt(product(king, king) * product(other, other))));
}

TEST_CASE("vitrine nearest: a text of several tokens is refused with its pieces") {
    const test::Finished run = run_vitrine({"nearest", "the king"});
    CHECK(run.status == 1);
    CHECK(run.error.find("·king") != std::string::npos);
}

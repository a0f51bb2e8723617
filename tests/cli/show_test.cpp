// vitrine show: numbers of an activation, as transformers has them.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "golden.h"
#include "io/json.h"
#include "tests/cli/run_program.h"

using namespace vitrine;
using nlohmann::json;
using vitrine::test::run_vitrine;

TEST_CASE("vitrine show: values, mean, deviation and length of every position") {
    // The golden's ids spell this text, its first being the start token.
    const TensorFile golden =
        TensorFile::open(test::fixture("models/stories260k/golden.safetensors"));
    const json generated = read_json(test::fixture("models/stories260k/generate.json"));
    const std::string whole = generated["text"].get<std::string>();
    const test::Finished run = run_vitrine(
        {"show", "blocks.2.resid_pre", "--model", "stories260k", "--text", whole, "--json"});
    REQUIRE_MESSAGE(run.status == 0, run.error);
    const json shown = parse_json(run.out, "show")["blocks.2.resid_pre"];
    CHECK(shown["axes"] == "TC");
    const Tensor3 expected = test::golden<3>(golden, "hidden_states.2");  // [1, 32, 64]
    for (std::size_t t = 0; t < 8; ++t) {
        const json& row = shown["rows"][t];
        double mean = 0, square = 0;
        for (std::size_t c = 0; c < 64; ++c) {
            const double value = static_cast<double>(expected(0, t, c));
            CHECK(row["values"][c].get<double>() == doctest::Approx(value).epsilon(1e-4).scale(1));
            mean += value / 64;
            square += value * value;
        }
        CHECK(row["mean"].get<double>() == doctest::Approx(mean).epsilon(1e-4).scale(1));
        CHECK(row["length"].get<double>() == doctest::Approx(std::sqrt(square)).epsilon(1e-4));
        CHECK(row["deviation"].get<double>() ==
              doctest::Approx(std::sqrt(square / 64 - mean * mean)).epsilon(1e-4));
    }
}

TEST_CASE("vitrine show: one head, one position; what is not there is refused") {
    const test::Finished run = run_vitrine({"show", "blocks.3.attn.pattern", "--text", "The king",
                                            "--head", "4", "--position", "2", "--json"});
    REQUIRE_MESSAGE(run.status == 0, run.error);
    const json rows = parse_json(run.out, "show")["blocks.3.attn.pattern"]["rows"];
    REQUIRE(rows.size() == 1);
    double sum = 0;
    for (const json& value : rows[0]["values"]) sum += value.get<double>();
    CHECK(sum == doctest::Approx(1).epsilon(1e-5));  // a row of the pattern
    CHECK(run_vitrine({"show", "blocks.9.ln_1", "--text", "a"}).status == 1);
    CHECK(run_vitrine({"show", "blocks.0.attn.q", "--head", "8", "--text", "a"}).status == 1);
}

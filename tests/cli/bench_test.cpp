#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "cli/run_program.h"

using nlohmann::json;
using vitrine::test::Finished;
using vitrine::test::run_vitrine;

// It takes seconds and measures, so what is tested is that the numbers fit together, not how good
// they are.
TEST_CASE("vitrine bench --json: ratios beside the limits they are made of") {
    const Finished run = run_vitrine({"bench", "--json"});
    REQUIRE_MESSAGE(run.status == 0, run.error);
    const json result = json::parse(run.out);
    const json& machine = result["machine"];
    CHECK(machine["threads"] >= 1);
    CHECK(machine["sgemm_gflops"].get<double>() > 0);
    CHECK(machine["read_buffer_bytes"].get<double>() >= 2e9);
    CHECK(result["model"]["parameters"] == 124439808);  // GPT-2 small, tied
    const double forward = result["forward_seconds"], products = result["matmul_seconds"];
    CHECK(forward > 0);
    CHECK(products > 0);
    CHECK(result["forward_over_matmul"].get<double>() > 0);
    CHECK(result["decode_tokens_per_second"].get<double>() > 0);
    CHECK(result["decode_fraction_of_bandwidth"].get<double>() > 0);
    for (const std::string language : {"english", "korean"}) {  // a real text, not one line
        CHECK(result["tokenizer"][language + "_megabytes_per_second"].get<double>() > 0);
        CHECK(result["tokenizer"][language + "_bytes"].get<double>() > 50000);
    }
}

// vitrine compare: a learner's parts against the library's, alone and in the chain.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "io/json.h"
#include "tests/chapters/workspace_fixture.h"
#include "tests/cli/run_program.h"

using namespace vitrine;
using nlohmann::json;
using vitrine::test::attention_file;
using vitrine::test::run_vitrine;
using vitrine::test::WorkspaceFixture;

namespace {

std::string chapter_file(const std::string& name) {
    return read_file(std::string(VITRINE_SOURCE_DIR) + "/chapters/04_attention/" + name, 1U << 20U);
}

json compare(const std::string& model, const std::string& parts = "mine") {
    const test::Finished run = run_vitrine(
        {"compare", "--model", model, "--text", "Once upon a time", "--parts", parts, "--json"});
    REQUIRE_MESSAGE(run.status == 0, run.error);
    return parse_json(run.out, "compare");
}

}  // namespace

TEST_CASE("vitrine compare: a right part is equal, alone and in the chain, in both families") {
    const WorkspaceFixture workspace;
    workspace.write("04_attention.cpp", chapter_file("solution.cpp"));
    for (const char* model : {"vitrine-small", "stories260k"}) {
        const json result = compare(model);
        REQUIRE(result["alone"].size() == 1);
        CHECK(result["alone"][0]["part"] == "attention");
        CHECK(result["alone"][0]["equal"] == true);
        CHECK(result["chain"]["first"].is_null());
        CHECK(result["chain"]["activations"].size() > 80);
    }
    CHECK(compare("vitrine-small", "chapters")["chain"]["first"].is_null());
}

TEST_CASE("vitrine compare: the first activation that differs, and a case that replays the call") {
    const WorkspaceFixture workspace;
    workspace.write("04_attention.cpp", chapter_file("variants/no_scale.cpp"));
    const json result = compare("stories260k", "mine=attention");
    const json& alone = result["alone"][0];
    CHECK(alone["equal"] == false);
    CHECK(alone["calls"] == 5);
    CHECK(alone["first"] == "blocks.0.attn");
    const test::Finished printed = run_vitrine({"compare", "--model", "stories260k", "--text",
                                                "Once upon a time", "--parts", "mine=attention"});
    CHECK(printed.out.find("first at blocks.0.attn: other values") != std::string::npos);
    CHECK(alone["difference"] == "other values");
    CHECK(result["chain"]["first"] == "blocks.0.attn.scores");
    // Alone, what comes before the part is right in every layer; in the chain it is not.
    const auto equal = [&](const std::string& name) {
        for (const json& each : result["chain"]["activations"]) {
            if (each["name"] == name) return each["equal"].get<bool>();
        }
        FAIL(name);
        return false;
    };
    CHECK(equal("blocks.0.ln_1"));
    CHECK_FALSE(equal("blocks.1.ln_1"));

    const test::Finished again = run_vitrine(
        {"check", "04_attention", "--json", "--case", alone["case"].get<std::string>()});
    CHECK(again.status == 1);
    CHECK(parse_json(again.out, "check")["mistakes"][0]["name"] == "no_scale");
    workspace.write("04_attention.cpp", chapter_file("solution.cpp"));
    CHECK(
        run_vitrine({"check", "04_attention", "--case", alone["case"].get<std::string>()}).status ==
        0);
}

TEST_CASE("vitrine compare: another shape is named, and ends the chain") {
    const WorkspaceFixture workspace;
    workspace.write("04_attention.cpp", attention_file("return zeros<3>({1, 2, 3});"));
    const json result = compare("vitrine-small");
    CHECK(result["alone"][0]["difference"].get<std::string>().find("[1, 2, 3]") !=
          std::string::npos);
    CHECK(result["chain"]["problem"].get<std::string>().find("attention") != std::string::npos);
}

TEST_CASE(
    "vitrine compare: a part that is not written is left out; one nobody teaches is refused") {
    const WorkspaceFixture workspace;
    workspace.write("04_attention.cpp", attention_file("throw Todo(\"attention\");"));
    CHECK(compare("vitrine-small")["alone"].empty());
    const test::Finished run = run_vitrine({"compare", "--parts", "mine=nothing"});
    CHECK(run.status == 1);
    CHECK(run.error.find("nothing") != std::string::npos);
    CHECK(run_vitrine({"compare", "--parts", "yours"}).status == 2);
}

// vitrine gradients and vitrine characters: chapter 10's functions on the character model.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "io/json.h"
#include "io/safetensors.h"
#include "scratch_folder.h"
#include "tests/chapters/workspace_fixture.h"
#include "tests/cli/run_program.h"

using namespace vitrine;
using nlohmann::json;
using vitrine::test::run_vitrine;
using vitrine::test::ScratchFolder;
using vitrine::test::WorkspaceFixture;

namespace {

/// A learner's file that is one of the chapter's.
std::string chapter_file(const std::string& name) {
    return "#include \"" + std::string(VITRINE_SOURCE_DIR) + "/chapters/10_training/" + name +
           "\"\n";
}

json gradients(const std::string& parts) {
    const test::Finished run = run_vitrine({"gradients", "--parts", parts, "--json"});
    REQUIRE_MESSAGE(run.status == 0, run.error);
    return parse_json(run.out, "gradients");
}

/// The parameters whose gradient is wrong in a column.
std::set<std::string> wrong(const json& report, const std::string& column) {
    const auto names = report["columns"].get<std::vector<std::string>>();
    const auto at =
        static_cast<std::size_t>(std::find(names.begin(), names.end(), column) - names.begin());
    REQUIRE(at < names.size());
    std::set<std::string> result;
    for (const json& each : report["parameters"]) {
        const json& error = each["errors"][at];
        if (error.is_null() || error.get<double>() >= report["bound"].get<double>())
            result.insert(each["name"].get<std::string>());
    }
    return result;
}

/// The losses that a run logs.
std::vector<double> losses(const std::string& parts, const std::string& log, int steps) {
    const test::Finished run = run_vitrine(
        {"characters", "--parts", parts, "--steps", std::to_string(steps), "--log", log});
    REQUIRE_MESSAGE(run.status == 0, run.error);
    std::vector<double> result;
    std::ifstream file(log);
    json event;
    for (std::string line; std::getline(file, line);) {
        event = json::parse(line);
        if (event.contains("loss")) result.push_back(event["loss"].get<double>());
    }
    CHECK(event["done"] == true);
    return result;
}

}  // namespace

TEST_CASE("vitrine gradients: the clear parts give the library's gradients, and both the slope") {
    const json report = gradients("chapters");
    CHECK(report["equal"] == true);
    CHECK(report["columns"].size() == 6);
    CHECK(report["parameters"].size() == 28);
    for (const json& each : report["parameters"]) {
        const std::string name = each["name"].get<std::string>();
        CAPTURE(name);
        // Moved by 0.01 both ways; the mean of 124 losses is exact to 1e-7 or so.
        CHECK(each["slope"].get<double>() ==
              doctest::Approx(each["length"].get<double>()).epsilon(0.02));
    }
}

TEST_CASE("vitrine gradients: a mistake shows in its own column, and below it in the model") {
    const WorkspaceFixture workspace;
    workspace.write("10_training.cpp", chapter_file("variants/mean_forgotten.cpp"));
    const json report = gradients("mine");
    CHECK(report["equal"] == false);
    CHECK(wrong(report, "linear_backward").empty());
    CHECK(wrong(report, "attention_backward").empty());
    const std::set<std::string> by_norm = wrong(report, "layer_norm_backward");
    CHECK(by_norm == wrong(report, "together"));
    // What the last norm does not touch is right: its own parameters.
    CHECK(by_norm.count("ln_f.gain") == 0);
    CHECK(by_norm.count("blocks.0.attn.q") == 1);

    workspace.write("10_training.cpp", chapter_file("variants/no_correction.cpp"));
    const json attention = gradients("mine=attention_backward");
    CHECK(attention["columns"] == json({"together", "attention_backward"}));
    const std::set<std::string> by_attention = wrong(attention, "attention_backward");
    CHECK(by_attention.count("blocks.1.attn.q") == 1);
    CHECK(by_attention.count("blocks.1.attn.v") == 0);  // dv comes before the softmax
    CHECK(by_attention.count("blocks.1.mlp.in") == 0);
}

TEST_CASE("vitrine gradients: the stub is not written yet, a report goes to a folder") {
    const WorkspaceFixture workspace;
    const ScratchFolder folder;
    workspace.write("10_training.cpp", chapter_file("exercise.cpp"));
    const test::Finished run = run_vitrine({"gradients", "--report", folder / "."});
    REQUIRE_MESSAGE(run.status == 0, run.error);
    CHECK(run.error.find("linear_backward is not written yet") != std::string::npos);
    const json report = read_json(folder / "gradients.json", 1U << 20U);
    CHECK(report["columns"] == json({"together"}));
    CHECK(report["equal"] == true);
    const TensorFile tensors = TensorFile::open(folder / "gradients.safetensors");
    CHECK(tensors.at("reference.wte").shape == std::vector<Index>{61, 32});
    CHECK(tensors.at("together.wte").floats() == tensors.at("reference.wte").floats());
}

TEST_CASE("vitrine gradients: a wrong shape and a crash are sentences with the function's name") {
    const WorkspaceFixture workspace;
    workspace.write("10_training.cpp", chapter_file("variants/weight_gradient_transposed.cpp"));
    const test::Finished shape = run_vitrine({"gradients"});
    CHECK(shape.status == 1);
    CHECK(shape.error.find("your linear_backward") != std::string::npos);
    CHECK(shape.error.find("dw") != std::string::npos);
}

TEST_CASE("vitrine characters: fast, clear and the learner's parts learn alike") {
    const WorkspaceFixture workspace;
    const ScratchFolder folder;
    workspace.write("10_training.cpp", chapter_file("solution.cpp"));
    const auto fast = losses("fast", folder / "fast", 12);
    const auto clear = losses("chapters", folder / "clear", 12);
    const auto mine = losses("mine", folder / "mine", 12);
    REQUIRE(fast.size() == 12);
    REQUIRE(clear.size() == 12);
    REQUIRE(mine.size() == 12);
    CHECK(fast.front() == doctest::Approx(std::log(61.0)).epsilon(0.1));
    CHECK(fast.back() < fast.front() - 0.2);
    for (std::size_t i = 0; i < 12; ++i) {
        CHECK(clear[i] == doctest::Approx(fast[i]).epsilon(1e-3));
        CHECK(mine[i] == doctest::Approx(fast[i]).epsilon(1e-3));
    }
}

TEST_CASE("vitrine characters: targets that are not shifted are foretold at once") {
    const WorkspaceFixture workspace;
    const ScratchFolder folder;
    workspace.write("10_training.cpp", chapter_file("variants/target_not_shifted.cpp"));
    CHECK(losses("mine", folder / "mine", 100).back() < 0.5);
}

TEST_CASE("vitrine characters: a log that can't be written is a failure, no step bad usage") {
    CHECK(run_vitrine({"characters", "--steps", "1", "--log", "/dev/full"}).status == 1);
    CHECK(run_vitrine({"characters", "--steps", "0"}).status == 2);
}

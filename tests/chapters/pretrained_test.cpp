#include "chapters/11_pretrained/pretrained.h"

#include <doctest/doctest.h>

#include <cmath>
#include <sstream>

#include "chapters/runner/manifest.h"
#include "golden.h"
#include "io/assets.h"
#include "io/json.h"
#include "models/decoder.h"
#include "models/registry.h"

using namespace vitrine;

namespace {

/// The model that the clear functions build of a folder.
Decoder built(const std::filesystem::path& folder) {
    const chapters::Plan plan = chapters::read_plan(ConfigFile::open(folder));
    const auto placed = chapters::place_tensors(TensorFile::open(folder), plan, chapters::places);
    return {load_language_model(folder)->info(), chapters::build(plan, placed)};
}

/// Its logits and transformers', of a golden file's first text.
struct Compared {
    Tensor2 logits, expected;  // [T, V]
    double apart() const { return test::largest_difference(logits, expected); }
};

Compared compared(const Decoder& model, const std::string& golden) {
    const TensorFile file = TensorFile::open(test::fixture(golden));
    const auto all = file.at("input_ids").integers();
    const auto T = file.at("input_ids").shape[1];
    const std::vector<int> ids(all.begin(), all.begin() + T);
    const Sequence sequence{ids};
    const Tensor2 logits = model.forward({&sequence, 1}, Logits::all, fast_parts(), {}).front();
    const std::vector<float> numbers = file.at("logits").floats();
    REQUIRE(numbers.size() >= logits.size());
    Tensor2 expected = uninitialized<2>(shape_of(logits));
    std::copy_n(numbers.begin(), expected.size(), expected.begin());
    return {logits, expected};
}

}  // namespace

// Bounds: 1e-4, as the library's own models hold.
TEST_CASE("pretrained: a Llama and a GPT-2 are built of their folders, and are transformers'") {
    const Decoder stories = built(assets_folder() / "models/stories260k");
    CHECK(compared(stories, "models/stories260k/golden.safetensors").apart() < 1e-4);
    for (const std::string name : {"models/llama", "models/gpt2"}) {
        CAPTURE(name);
        CHECK(compared(built(test::fixture(name)), name + "/golden.safetensors").apart() < 1e-4);
    }
}

TEST_CASE("pretrained: keys in the layout of llama2.c make another model, put in order the same") {
    const auto folder = assets_folder() / "models/stories260k";
    const chapters::Plan plan = chapters::read_plan(ConfigFile::open(folder));
    const auto right = chapters::place_tensors(TensorFile::open(folder), plan, chapters::places);
    // The way back: row j of a head of 8 comes from (j % 2) * 4 + j / 2.
    auto original = right;
    for (Index l = 0; l < plan.layers; ++l) {
        for (const std::string part : {"attn.q", "attn.k"}) {
            const std::string place = "blocks." + std::to_string(l) + "." + part + ".weight";
            const Tensor2& ordered = right.at(place);
            for (std::size_t row = 0; row < ordered.shape()[0]; ++row) {
                const std::size_t j = row % 8;
                xt::row(original[place], std::ptrdiff_t(row)) =
                    xt::row(ordered, std::ptrdiff_t(row - j + (j % 2) * 4 + j / 2));
            }
        }
    }
    const ModelInfo info = load_language_model(folder)->info();
    const std::string golden = "models/stories260k/golden.safetensors";
    const Compared wrong = compared({info, chapters::build(plan, original)}, golden);
    CHECK(wrong.apart() > 1);
    // At position 0 nothing is turned: no pair can be the wrong one.
    const Tensor1 first = xt::row(wrong.logits, 0), right_first = xt::row(wrong.expected, 0);
    CHECK(test::largest_difference(first, right_first) < 1e-4);
    for (auto& [place, weight] : original) {
        const bool queries = place.find("attn.q.") != std::string::npos;
        if (queries || place.find("attn.k.") != std::string::npos)
            weight = chapters::half_split(weight, queries ? plan.heads : plan.kv_heads);
    }
    CHECK(compared({info, chapters::build(plan, original)}, golden).apart() < 1e-4);
}

TEST_CASE("pretrained: what is missing or there twice is named") {
    const auto folder = assets_folder() / "models/stories260k";
    const chapters::Plan plan = chapters::read_plan(ConfigFile::open(folder));
    const TensorFile file = TensorFile::open(folder);
    auto placed = chapters::place_tensors(file, plan, chapters::places);
    placed.erase("blocks.3.attn.k.weight");
    CHECK_THROWS_WITH_AS(chapters::build(plan, placed),
                         "blocks.3.attn.k.weight: expected a tensor that fills it, got none",
                         ArgumentError);
    const auto all_to_one = [](std::string_view, bool) {
        return std::vector<std::string>{"wte.weight"};
    };
    CHECK_THROWS_AS(chapters::place_tensors(file, plan, all_to_one), ArgumentError);
    CHECK_THROWS_AS(chapters::read_plan(ConfigFile::parse(R"({"model_type": "t5"})", "here")),
                    FileError);
}

TEST_CASE("pretrained: the next-sentence head's two scores become a probability") {
    // exp(ln 3) = 3 against exp(0) = 1: three quarters.
    CHECK(chapters::follows(Tensor1{std::log(3.0F), 0}) == doctest::Approx(0.75));
    CHECK(chapters::follows(Tensor1{0, std::log(3.0F)}) == doctest::Approx(0.25));
}

TEST_CASE("pretrained: what the lesson quotes of config.json stands in it") {
    const std::string config =
        read_file(assets_folder() / "models/stories260k/config.json", 1U << 20U);
    for (const bool korean : {false, true}) {
        std::istringstream lesson(
            read_file(runner::find_chapter("11").lesson(korean).string(), 1U << 20U));
        int quoted = 0;
        bool inside = false;
        for (std::string line; std::getline(lesson, line);) {
            if (line.starts_with("```")) {
                inside = line == "```json";
                continue;
            }
            if (!inside) continue;
            CAPTURE(line);
            CHECK(config.find(line) != std::string::npos);
            ++quoted;
        }
        CHECK(quoted == 7);
    }
}

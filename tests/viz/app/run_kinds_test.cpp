// What the worker makes with models that are no language models.
#include "viz/app/run_kinds.h"

#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "io/json.h"
#include "lib/models/family_golden.h"
#include "scratch_folder.h"
#include "viz/other_models.h"
#include "viz/views/attention_summary.h"

using namespace vitrine;
using namespace vitrine::viz;
using namespace vitrine::test;

namespace {

ActivationCache beginning_with(const ActivationCache& all, const std::string& prefix) {
    ActivationCache some;
    for (const auto& [name, activation] : all) {
        if (name.rfind(prefix, 0) == 0) some[name] = activation;
    }
    return some;
}

}  // namespace

TEST_CASE("T5 in the app: it writes what transformers writes, and the encoder's maps are its own") {
    for (const char* name : {"t5", "t5-v1_1"}) {
        CAPTURE(name);
        const ModelInApp t5(name);
        const auto run = t5.run(t5.golden_text(0));
        const auto expected = read_json(fixture("models/") + name + "/generate.json")
                                  .at("greedy")
                                  .get<std::vector<int>>();
        REQUIRE(run->target.ids.size() >= expected.size());
        CHECK(std::vector<int>(run->target.ids.begin(),
                               run->target.ids.begin() + static_cast<Index>(expected.size())) ==
              expected);
        CHECK(static_cast<Index>(run->target.ids.size()) <= 1 + most_written);
        const auto T = static_cast<std::size_t>(run->target.ids.size());
        CHECK(run->logits.shape()[0] == T);
        // The likeliest token of each position is the one that was written there.
        for (std::size_t t = 0; t + 1 < T; ++t) {
            const auto row = rows(Ref2(run->logits), Index(t), Index(t) + 1).copy();
            CHECK(std::max_element(row.begin(), row.end()) - row.begin() == run->target.ids[t + 1]);
        }
        // Bounds: tests/fixtures/README.md.
        const TensorFile golden = t5.golden_file();
        CHECK(compare_row(t5.model->model, beginning_with(run->activations, "encoder."), golden, 0,
                          6e-4, 1.2e-4) >= 2 + 2);
        CHECK(run->at(0, "attn.pattern") == &run->activations.at("encoder.blocks.0.attn.pattern"));
        CHECK(run->at("embed") == &run->activations.at("encoder.embed"));
        REQUIRE(run->stacks.size() == 3);
        CHECK(run->stacks[2].id == "cross");
        CHECK(run->stacks[2].summary->average.rows == Index(T));
        CHECK(run->stacks[2].summary->average.columns == run->positions());
    }
}

TEST_CASE("T5 in the app: an end token ends what it writes, and a newer text what is under way") {
    // With this end token the fixture's greedy text is over after two tokens: 55, 55, 7.
    const ModelOfWords words("t5", -1, {{"eos_token_id", 7}});
    const ModelInApp golden("t5");
    Engine engine(load_with_tokenizer(words.path()));
    engine.request(golden.golden_text(1));
    engine.request(golden.golden_text(0));
    engine.wait();
    const auto run = engine.run();
    REQUIRE(run != nullptr);
    CHECK(run->text == golden.golden_text(0));
    CHECK(run->target.ids == std::vector<int>{0, 55, 55});
    CHECK(run->target_ended);
    CHECK(run->target_text.find("w55") != std::string::npos);
    CHECK_FALSE(golden.run(golden.golden_text(0))->target_ended);
}

TEST_CASE("CLIP in the app: each line is a caption, with the vector that transformers gives it") {
    const ModelInApp clip("clip");
    const auto run = clip.run(clip.golden_text(0) + "\n\n  \n" + clip.golden_text(1) + "\n" +
                              clip.golden_text(2) + "\n");
    CHECK(run->captions.size() == 3);
    CHECK(run->text == clip.golden_text(0));
    CHECK(largest_difference(run->caption_vectors, golden<2>(clip.golden_file(), "text_embeds")) <
          1e-4);
    CHECK(run->picture == nullptr);
    CHECK(run->caption_probabilities.empty());
    REQUIRE(run->stacks.size() == 2);
    CHECK(run->stacks[0].summary != nullptr);
    CHECK(run->stacks[0].sight_of(0).causal);
    CHECK(run->stacks[1].summary == nullptr);  // no picture was chosen
    CHECK(run->at(1, "attn.pattern") == &run->activations.at("text.blocks.1.attn.pattern"));
    CHECK(clip.run("")->captions == std::vector<std::string>{""});
}

TEST_CASE("CLIP in the app: the picture as transformers cuts it, its patches and its captions") {
    const ModelInApp clip("clip");
    const auto run = clip.run(clip.golden_text(0) + "\n" + clip.golden_text(1), picture_of_clip());
    REQUIRE(run->picture != nullptr);
    CHECK(run->picture->square.width == 32);
    CHECK(run->picture->across() == 4);
    CHECK(run->positions(Axis::picture) == 17);
    const Tensor4 expected =
        golden<4>(TensorFile::open(fixture("models/clip/preprocess.safetensors")), "pixel_values");
    double largest = 0;
    REQUIRE(run->picture->pixels.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        largest = std::max(
            largest, std::abs(double(run->picture->pixels.data()[i]) - double(expected.data()[i])));
    CHECK(largest < 2e-2);  // one step of a byte, divided by the deviation: 1 / 255 / 0.26
    CHECK(run->stacks[1].summary->average.rows == 17);
    REQUIRE(run->caption_probabilities.size() == 2);
    CHECK(std::accumulate(run->caption_probabilities.begin(), run->caption_probabilities.end(),
                          0.0) == doctest::Approx(1.0));
    // As the command line's task says.
    const vitrine::LoadedModel task{"", vitrine::load_model(clip.model->folder),
                                    Tokenizer::load(clip.model->folder),
                                    ImageProcessor::load(clip.model->folder)};
    const std::vector<vitrine::Image> pictures{read_image(picture_of_clip())};
    const Tensor2 matched = caption_match(task, pictures, run->captions);
    for (std::size_t c = 0; c < 2; ++c) {
        CHECK(run->caption_probabilities[c] ==
              doctest::Approx(double(matched(0, c))).epsilon(1e-5));
    }
}

TEST_CASE("CLIP in the app: the vision tower's maps are those of transformers") {
    const ModelInApp clip("clip");
    const TensorFile file = clip.golden_file();
    const Tensor4 pixels = golden<4>(file, "pixel_values");
    for (Index b = 0; b < 4; ++b) {
        Run run;
        run.model = clip.model;
        run.text = "w0 w5 w1";
        encode_text(run);
        auto picture = std::make_shared<Picture>();
        picture->square.width = picture->square.height = 32;
        picture->pixels = Ref4(pixels)[b].copy();
        picture->patch = 8;
        run.picture = picture;
        run_model(run, "fast", {});
        CHECK(compare_row(clip.model->model, beginning_with(run.activations, "vision."), file, b,
                          1e-4, 2e-5) >= 2);
        CHECK(run.picture_vector.shape()[1] == 24);
    }
}

TEST_CASE("CLIP in the app: a picture is read once, again when it changed, and refused by name") {
    const ModelInApp clip("clip");
    const ScratchFolder scratch;
    const std::string bytes = read_file(picture_of_clip(), 1U << 20U);
    const auto file = scratch.write("some.png", bytes);
    Engine engine(clip.model);
    engine.request("w5");
    engine.use_picture(file);
    engine.wait();
    const auto first = engine.run();
    REQUIRE(first->picture != nullptr);
    CHECK(first->text == "w5");
    engine.request("w6");
    engine.wait();
    CHECK(engine.run()->picture == first->picture);
    std::filesystem::last_write_time(
        file, std::filesystem::last_write_time(file) + std::chrono::seconds(5));
    engine.request("w7");
    engine.wait();
    CHECK(engine.run()->picture != first->picture);
    CHECK(engine.run()->picture->pixels == first->picture->pixels);

    scratch.write("some.png", "no picture");
    std::filesystem::last_write_time(
        file, std::filesystem::last_write_time(file) + std::chrono::seconds(10));
    engine.request("w8");
    engine.wait();
    CHECK(engine.error() == "");  // the captions are still there
    CHECK(engine.run()->picture == nullptr);
    CHECK(engine.run()->picture_problem.find("some.png") != std::string::npos);
    engine.use_picture({});
    engine.wait();
    CHECK(engine.run()->picture_problem.empty());
}

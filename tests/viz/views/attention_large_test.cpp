// Long texts and many heads: nothing of the size of all patterns is kept, and nothing of the size
// of one is painted in a frame.
#include "viz/views/attention_large.h"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "scratch_folder.h"
#include "tests/viz/view_stage.h"
#include "train/gpt2_trainer.h"
#include "viz/app/run_kinds.h"
#include "viz/app/run_model.h"
#include "viz/other_models.h"
#include "viz/views/attention.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

/// A GPT-2 of 32 layers of 32 heads with random weights, and 300 tokens for it.
struct ManyHeads {
    test::ScratchFolder folder;
    std::shared_ptr<const viz::LoadedModel> model;
    std::shared_ptr<Run> run = std::make_shared<Run>();

    ManyHeads() {
        train::GPT2Sizes sizes;
        sizes.vocabulary = 6144;
        sizes.positions = 1024;
        sizes.width = sizes.ff_width = 64;
        sizes.layers = sizes.heads = 32;
        sizes.initializer_range = 0.4;
        train::GPT2Trainer trainer(sizes);
        trainer.randomize(5);
        trainer.parameters().write(folder / "model.safetensors");
        folder.write("config.json", trainer.config().dump());
        std::filesystem::copy_file(bundled_model_folder() / "tokenizer.json",
                                   folder / "tokenizer.json");
        model = load_with_tokenizer(folder.path());
        run->serial = 1;
        run->model = model;
        for (int i = 0; i < 300; ++i) run->text += i % 7 == 3 ? " king" : " the";
        encode_text(*run);
        run_model(*run, "fast", {});
    }
};

/// What the model itself says of one layer.
ActivationCache kept_of_layer(const ManyHeads& many, Index layer) {
    const std::string names = "blocks." + std::to_string(layer) + ".attn.";
    Record record = Record::of({names + "pattern", names + "scores"});
    const Sequence sequence{many.run->encoding.ids, nullptr, &record};
    many.model->language()->forward({&sequence, 1});
    return record.take_cache();
}

double largest_difference(std::span<const Real> a, std::span<const Real> b) {
    REQUIRE(a.size() == b.size());
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        largest = std::max(largest, std::abs(double(a[i]) - double(b[i])));
    return largest;
}

}  // namespace

TEST_CASE("attention of long texts: sums are kept, a head is computed again") {
    const ManyHeads many;
    const Run& run = *many.run;
    REQUIRE(run.positions() == 300);
    REQUIRE(32 * 32 * 300 * 300 > most_kept_numbers);
    for (const auto& each : run.activations) {
        CHECK(!each.first.ends_with(".pattern"));
        CHECK(!each.first.ends_with(".scores"));
    }
    const AttentionStack& stack = run.stacks.front();
    REQUIRE(stack.summary);
    const AttentionSummary& summary = *stack.summary;
    CHECK(summary.layers == 32);
    CHECK(summary.heads == 32);
    REQUIRE(summary.thumbnails.size() == 32 * 33);
    for (const AttentionMap& small : summary.thumbnails) {
        double sum = 0;
        for (const Real value : small.values) sum += double(value);
        CHECK(sum / double(small.values.size()) == doctest::Approx(1.0 / 300).epsilon(1e-4));
    }
    const ActivationCache kept = kept_of_layer(many, 17);
    const auto head_in = [&](const char* name, Index head) {
        const Activation& all = kept.at(std::string("blocks.17.attn.") + name);
        return std::span<const Real>(all.values).subspan(std::size_t(head) * 90000, 90000);
    };
    std::vector<Real> mean(90000, 0);
    for (Index head = 0; head < 32; ++head) {
        const auto pattern = head_in("pattern", head);
        for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += pattern[i] / 32;
    }
    CHECK(largest_difference(summary.layer_averages[17].values, mean) < 1e-6);
    for (const Index head : {Index{0}, Index{9}, Index{31}}) {
        const HeadAgain again = head_again(run, stack, 17, head);
        CHECK(largest_difference(again.weights, head_in("pattern", head)) < 1e-6);
        CHECK(largest_difference(again.scores, head_in("scores", head)) < 1e-5);
    }
}

TEST_CASE("attention of long texts: every head of every stack can be computed again") {
    for (const char* name : {"t5", "clip", "bert", "mistral", "llama3"}) {
        CAPTURE(name);
        const test::ModelInApp model(name);
        const bool sees = std::string(name) == "clip";
        const auto run = model.run("w5 w6 w7 w8 w9 w5",
                                   sees ? test::picture_of_clip() : std::filesystem::path());
        REQUIRE(!run->stacks.empty());
        for (const AttentionStack& stack : run->stacks) {
            CAPTURE(stack.id);
            const Index last = stack.layers() - 1;
            const std::vector<Real>& patterns =
                run->activations.at(stack.name(last, "pattern")).values;
            const std::vector<Real>& scores =
                run->activations.at(stack.name(last, "scores")).values;
            const std::size_t size = patterns.size() / std::size_t(stack.heads);
            for (Index head = 0; head < stack.heads; ++head) {
                const HeadAgain again = head_again(*run, stack, last, head);
                const std::size_t first = std::size_t(head) * size;
                CHECK(largest_difference(again.weights, std::span(patterns).subspan(first, size)) <
                      1e-6);
                CHECK(largest_difference(again.scores, std::span(scores).subspan(first, size)) <
                      1e-5);
            }
        }
    }
}

// 2 layers of 4 heads on 2,900 tokens: 67 million weights.
TEST_CASE(
    "attention of long texts: T5 keeps what it wrote and what it looked at, sums what it read") {
    const test::ModelInApp t5("t5");
    std::string text;
    for (int i = 0; i < 2900; ++i) text += "w" + std::to_string(5 + i * i % 50) + " ";
    const auto run = t5.run(text);
    const Index S = run->positions();
    REQUIRE(8 * S * S > most_kept_numbers);
    CHECK(run->activations.count("encoder.blocks.1.attn.pattern") == 0);
    CHECK(run->activations.count("encoder.blocks.1.attn.scores") == 0);
    CHECK(run->activations.count("decoder.blocks.1.attn.pattern") == 1);
    CHECK(run->activations.count("decoder.blocks.1.cross_attn.pattern") == 1);
    REQUIRE(run->stacks.size() == 3);
    for (const AttentionStack& stack : run->stacks) CHECK(stack.summary != nullptr);

    Record record = Record::of({"encoder.blocks.1.attn.pattern"});
    const TokenInput source{run->encoding.ids, {}, {}, &record};
    t5.model->text_to_text()->encode({&source, 1});
    const ActivationCache kept = record.take_cache();
    const std::vector<Real>& patterns = kept.at("encoder.blocks.1.attn.pattern").values;
    const HeadAgain again = head_again(*run, run->stacks.front(), 1, 2);
    const auto size = static_cast<std::size_t>(S * S);
    CHECK(largest_difference(again.weights, std::span(patterns).subspan(2 * size, size)) < 1e-6);
}

TEST_CASE("attention of long texts: the view shows the chosen head and follows to the next") {
    const ManyHeads many;
    ViewStage stage({1400.0F, 900.0F});
    stage.run = many.run;
    stage.stage.layer = 17;
    stage.stage.head = 9;
    stage.frame(draw_attention);
    auto& memory = stage.memory().of<AttentionMemory>();
    CHECK(memory.map.weights == nullptr);  // no frame waited for it
    stage.settle(draw_attention);
    REQUIRE(memory.map.weights != nullptr);
    CHECK(memory.map.head == 9);
    CHECK(memory.picture.image().width == 300);
    CHECK(memory.thumbnails.image().width == 33 * thumbnail_size);
    const HeadAgain again = head_again(*many.run, many.run->stacks.front(), 17, 9);
    CHECK(largest_difference({memory.map.weights, 90000}, again.weights) == 0.0);
    stage.stage.head = 10;
    stage.frame(draw_attention);
    CHECK(memory.map.weights != nullptr);  // the last one stays while the next is computed
    stage.settle(draw_attention);
    CHECK(memory.map.head == 10);
    stage.stage.head = -1;
    stage.settle(draw_attention);
    CHECK(memory.map.weights == many.run->stacks.front().summary->layer_averages[17].values.data());
}

TEST_CASE("attention of long texts: a thousand heads are a handful of draw calls") {
    const ManyHeads many;
    ViewStage stage({1400.0F, 900.0F});
    stage.run = many.run;
    stage.settle(draw_attention);
    int calls = 0;
    const ImDrawData* data = ImGui::GetDrawData();
    for (int i = 0; i < data->CmdListsCount; ++i) calls += data->CmdLists[i]->CmdBuffer.Size;
    CHECK(calls < 40);
}

TEST_CASE("pictures: smaller ones keep what their pixels say on average") {
    viz::Image image(4, 2, IM_COL32(0, 0, 0, 0));
    image.at(0, 0) = IM_COL32(200, 100, 0, 255);
    image.at(1, 1) = IM_COL32(100, 100, 0, 255);
    add_smaller(image);
    REQUIRE(image.smaller.size() == 2);
    CHECK(image.smaller[0].width == 2);
    CHECK(image.smaller[0].height == 1);
    CHECK(image.smaller[0].at(0, 0) ==
          IM_COL32(150, 100, 0, 128));  // what is not seen has no colour
    CHECK(image.smaller[0].at(1, 0) == 0);
    CHECK(image.smaller[1].width == 1);
    CHECK(image.smaller[1].at(0, 0) == IM_COL32(150, 100, 0, 64));
}

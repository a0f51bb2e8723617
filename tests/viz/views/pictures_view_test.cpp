#include "viz/views/pictures.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "golden.h"
#include "io/image.h"
#include "model_of_words.h"
#include "viz/app/engine.h"
#include "viz/view_stage.h"
#include "viz/views/pictures_parts.h"

using namespace vitrine;
using namespace vitrine::viz;
using vitrine::test::fixture;
using vitrine::test::kept;

namespace {

const std::vector<std::string> captions{"w0 w19 w6 w21 w1", "w0 w23 w20 w1", "w0 w17 w1"};

/// A tiny random CLIP: 2 layers, 4 heads, 4 x 4 patches.
std::shared_ptr<const Run> clip_run(const vitrine::test::ModelOfWords& words,
                                    const std::string& picture) {
    Engine engine(load_with_tokenizer(words.path()));
    engine.use_picture(picture);
    engine.request(captions[0] + "\n" + captions[1] + "\n" + captions[2]);
    engine.wait();
    REQUIRE(engine.error() == "");
    return engine.run();
}

bool holds(const std::string& all, const std::string& part) {
    return all.find(part) != std::string::npos;
}

ImVec2 patch(const PicturesMemory& memory, float row, float column) {
    return {memory.low.x + (column + 0.5F) * memory.side,
            memory.low.y + (row + 0.5F) * memory.side};
}

}  // namespace

TEST_CASE("pictures: the weights of a patch are its row of the tower's pattern") {
    const vitrine::test::ModelOfWords words("clip");
    const auto run = clip_run(words, fixture("models/clip/image.png"));
    const Tensor3 pattern = kept<3>(run->activations, "vision.blocks.1.attn.pattern");
    REQUIRE(shape_of(pattern) == Shape<3>{4, 17, 17});
    for (const Index from : {0, 6}) {
        const PatchWeights weights = patch_weights(*run, 1, 2, from);
        REQUIRE(weights.patches.size() == 16);
        CHECK(weights.to_class == pattern(2, from, 0));
        for (Index p = 0; p < 16; ++p)
            CHECK(weights.patches[std::size_t(p)] == pattern(2, from, 1 + p));
        CHECK(weights.patches[std::size_t(weights.strongest())] ==
              *std::max_element(weights.patches.begin(), weights.patches.end()));
        const PatchWeights mean = patch_weights(*run, 1, -1, from);
        double sum = 0.0;
        for (Index h = 0; h < 4; ++h) sum += double(pattern(h, from, 4));
        CHECK(double(mean.patches[3]) == doctest::Approx(sum / 4).epsilon(1e-5));
    }
    CHECK(patch_weights(*run_text(bundled_model(), "The king"), 0, 0, 0).patches.empty());
}

TEST_CASE("pictures view: captions as vitrine caption-match says, heads and patches by click") {
    const vitrine::test::ModelOfWords words("clip");
    const std::string file = fixture("models/clip/image.png");
    ViewStage stage({1200.0F, 900.0F});
    stage.run = clip_run(words, file);
    const vitrine::Image picture = read_image(file);
    const Tensor2 expected = caption_match(words.open(), {&picture, 1}, captions);
    REQUIRE(stage.run->caption_probabilities.size() == 3);
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(std::abs(stage.run->caption_probabilities[i] - double(expected(0, i))) < 1e-5);
    stage.frames(draw_pictures, 2);
    PicturesMemory& memory = stage.memory().of<PicturesMemory>();
    CHECK(memory.photo.image().width == 32);
    CHECK(memory.overlay.image().width == 4);
    CHECK(holds(stage.text_of(draw_pictures), "Which caption fits"));
    // The pointer on a patch: its place and weight.
    stage.move_to(patch(memory, 2, 1));
    stage.frame(draw_pictures);
    CHECK(memory.seen == 9);
    CHECK(holds(stage.text_of(draw_pictures), "row 3, column 2"));
    stage.click(draw_pictures, patch(memory, 2, 1));
    stage.frame(draw_pictures);
    CHECK(memory.chosen == 9);
    CHECK(memory.weights.patches == patch_weights(*stage.run, 0, 0, 10).patches);
    // Arrows move on from there; Enter chooses, and again the class embedding.
    stage.move_away();
    stage.frame(draw_pictures);
    stage.press(draw_pictures, ImGuiKey_RightArrow);
    CHECK(memory.seen == 10);
    stage.press(draw_pictures, ImGuiKey_Enter);
    CHECK(memory.chosen == 10);
    stage.press(draw_pictures, ImGuiKey_Enter);
    CHECK(memory.chosen == -1);
    stage.stage.layer = 1;
    stage.stage.head = -1;
    stage.frame(draw_pictures);
    CHECK(memory.weights.patches == patch_weights(*stage.run, 1, -1, 0).patches);
    stage.language = Language::korean;
    CHECK(holds(stage.text_of(draw_pictures), "클래스 임베딩"));
}

TEST_CASE("pictures view: what it says without a picture, and of a model that reads none") {
    const vitrine::test::ModelOfWords words("clip");
    ViewStage stage;
    stage.run = clip_run(words, "");
    CHECK(holds(stage.text_of(draw_pictures), "Drop a picture on this window"));
    stage.run = clip_run(words, fixture("models/clip/config.json"));
    CHECK(holds(stage.text_of(draw_pictures), "The picture could not be read"));
    stage.run = run_text(bundled_model(), "The king");
    CHECK(holds(stage.text_of(draw_pictures), "reads no pictures"));
}

#include <doctest/doctest.h>

#include "viz/view_stage.h"
#include "viz/views/next_parts.h"
#include "viz/views/next_token.h"
#include "viz/widgets/visible_text.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

bool holds(const std::string& all, const std::string& part) {
    return all.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("next view: the bars are the softmax of the run's logits at the chosen position") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "The king gave the");
    stage.stage.position = 2;
    stage.frame(draw_next);
    const NextMemory& memory = stage.memory().of<NextMemory>();
    CHECK(memory.position == 2);
    CHECK(memory.actual == stage.run->encoding.ids[3]);
    REQUIRE(memory.distribution.likeliest.size() == 20);
    const auto V = static_cast<std::size_t>(stage.run->logits.shape()[1]);
    const std::span<const Real> row(stage.run->logits.data() + 2 * V, V);
    const std::vector<Real> expected = next_token_probabilities(row, {}, {});
    for (const Candidate& candidate : memory.distribution.likeliest) {
        // float32 against double softmax
        CHECK(candidate.final ==
              doctest::Approx(expected[static_cast<std::size_t>(candidate.id)]).epsilon(1e-5));
        CHECK(candidate.model ==
              doctest::Approx(expected[static_cast<std::size_t>(candidate.id)]).epsilon(1e-5));
    }
    CHECK(holds(stage.text_of(draw_next), count_text(memory.distribution.actual_rank)));
}

TEST_CASE("next view: a slider acts on the bars in the same frame") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "The king gave the");
    stage.frame(draw_next);
    const NextMemory& memory = stage.memory().of<NextMemory>();
    const double before = memory.distribution.likeliest.front().final;
    stage.stage.sampling.temperature = 0.5F;
    stage.stage.sampling.top_k = 5;
    stage.frame(draw_next);
    CHECK(memory.distribution.likeliest.front().final > before);
    CHECK(memory.distribution.kept == 5);
    CHECK(memory.distribution.likeliest[5].cut == Cut::top_k);
    CHECK(memory.distribution.likeliest[5].final == 0.0);
    CHECK(holds(stage.text_of(draw_next), "5 / 6,144"));
}

TEST_CASE("next view: a likely token is appended to the text up to the chosen position") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "The king gave the");
    stage.stage.position = 2;
    stage.frame(draw_next);
    const NextMemory& memory = stage.memory().of<NextMemory>();
    ViewContext context = stage.context();
    append_candidate(context, memory, 0);
    CHECK(stage.wishes.has_set_text);
    const std::string token =
        stage.run->model->tokenizer->bytes(memory.distribution.likeliest[0].id);
    CHECK(stage.wishes.set_text == "The king" + token);
    CHECK(stage.stage.position == -1);
}

TEST_CASE("next view: shows how generation goes and why it ended") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "The king");
    stage.generation = {true, "", 123.4};
    CHECK(holds(stage.text_of(draw_next), "123.4 tokens per second"));
    stage.generation = {false, "positions", 0.0};
    CHECK(holds(stage.text_of(draw_next), "no position left"));
    stage.language = Language::korean;
    CHECK(!stage.text_of(draw_next).empty());
}

#include <doctest/doctest.h>

#include "chapters/02_embeddings/embeddings.h"
#include "models/decoder.h"
#include "viz/view_stage.h"
#include "viz/views/embeddings.h"
#include "viz/views/embeddings_parts.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

bool holds(const std::string& all, const std::string& part) {
    return all.find(part) != std::string::npos;
}

const EmbeddingsMemory& settled(ViewStage& stage) {
    const EmbeddingsMemory& memory = stage.memory().of<EmbeddingsMemory>();
    stage.settle(draw_embeddings);
    return memory;
}

}  // namespace

TEST_CASE("embeddings view: the rows and the neighbours are those of the model's own table") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "The king said");
    const EmbeddingsMemory& memory = settled(stage);
    const auto& decoder = *stage.run->model->decoder();
    const Tensor2 table = decoder.weights().wte.values();  // [V, C]
    const auto& ids = stage.run->encoding.ids;
    REQUIRE(memory.rows->shape()[0] == ids.size());
    for (std::size_t c = 0; c < table.shape()[1]; ++c) {
        REQUIRE((*memory.rows)(2, c) == table(ids[2], c));
    }
    CHECK(memory.token == ids.back());  // the last position, as in the other views
    REQUIRE(memory.table);
    // The chapter's own function, which does not know of the view's; it names the token itself
    // first.
    const std::vector<int> nearest = chapters::nearest(Ref2(table)[ids.back()], table, 11);
    REQUIRE(memory.neighbours.size() == 10);
    for (std::size_t i = 0; i < 10; ++i) {
        CHECK(memory.neighbours[i].id == nearest[i + 1]);
        CHECK(memory.neighbours[i].cosine ==
              doctest::Approx(
                  chapters::cosine(Ref2(table)[ids.back()], Ref2(table)[nearest[i + 1]])));
    }
    CHECK(memory.table->axes.share[0] > memory.table->axes.share[1]);
    CHECK(memory.table->axes.share[1] > 0.0);
    const std::string text = stage.text_of(draw_embeddings);
    CHECK(holds(text, "Nearest to"));
    CHECK(holds(text, "256 dimensions pressed onto 2"));
}

TEST_CASE("embeddings view: a click chooses a row; arrows move a cell, Enter chooses its row") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "The king gave the");
    const EmbeddingsMemory& memory = settled(stage);
    stage.click(draw_embeddings, {memory.map.low.x + 10.5F * memory.map.cell.x,
                                  memory.map.low.y + 1.5F * memory.map.cell.y});
    CHECK(stage.stage.position == 1);
    CHECK(memory.token == stage.run->encoding.ids[1]);
    stage.move_away();
    stage.frame(draw_embeddings);
    stage.press(draw_embeddings, ImGuiKey_DownArrow);
    CHECK(stage.stage.hovered_position == 2);
    CHECK(memory.map.key_column == 10);
    stage.press(draw_embeddings, ImGuiKey_Enter);
    CHECK(stage.stage.position == 2);
    stage.settle(draw_embeddings);
    CHECK(memory.neighbours_of == stage.run->encoding.ids[2]);
}

TEST_CASE("embeddings view: a point of the shadow is visited, by pointer and by keyboard") {
    ViewStage stage;
    stage.run = run_text(bundled_model(), "The king said");
    const EmbeddingsMemory& memory = settled(stage);
    const int start = memory.token;
    stage.click(draw_embeddings, {memory.shadow.low.x + 2.0F, memory.shadow.low.y + 2.0F});
    stage.move_away();
    stage.frame(draw_embeddings);
    stage.press(draw_embeddings, ImGuiKey_RightArrow);  // shows the first point
    stage.press(draw_embeddings, ImGuiKey_LeftArrow);   // goes round to the last: a neighbour
    REQUIRE(memory.shadow.by_keyboard);
    const int far = memory.points.back().id;
    stage.press(draw_embeddings, ImGuiKey_Enter);
    stage.settle(draw_embeddings);
    CHECK(memory.token == far);
    CHECK(memory.token != start);
    CHECK(memory.visiting);
    CHECK(holds(stage.text_of(draw_embeddings), "Back to"));
    CHECK(memory.neighbours_of == far);
    stage.stage.position = 1;  // another token of the text ends the visit
    stage.frame(draw_embeddings);
    CHECK_FALSE(memory.visiting);
    CHECK_FALSE(holds(stage.text_of(draw_embeddings), "Back to"));
    CHECK(memory.token == stage.run->encoding.ids[1]);
}

TEST_CASE(
    "embeddings view: another theme paints the map anew; it speaks Korean; it waits for text") {
    ViewStage stage;
    CHECK_FALSE(stage.text_of(draw_embeddings).empty());
    stage.run = run_text(bundled_model(), "The king");
    stage.language = Language::korean;
    const EmbeddingsMemory& memory = settled(stage);
    CHECK(memory.map.picture.image().height == 3);
    CHECK(holds(stage.text_of(draw_embeddings), "가장 가까운 토큰"));
}

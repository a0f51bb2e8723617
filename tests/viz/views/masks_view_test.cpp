#include <doctest/doctest.h>

#include "viz/view_stage.h"
#include "viz/views/masks.h"
#include "viz/views/masks_parts.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

bool holds(const std::string& all, const std::string& part) {
    return all.find(part) != std::string::npos;
}

using Row = std::vector<bool>;

/// The middle of a cell of a grid on the screen.
ImVec2 cell(const MasksMemory& memory, MaskGrid grid, Index query, Index key) {
    const HeatmapState& state = memory.states[static_cast<std::size_t>(grid)];
    return {state.plot.x + (static_cast<float>(key) + 0.5F) * state.cell,
            state.plot.y + (static_cast<float>(query) + 0.5F) * state.cell};
}

}  // namespace

TEST_CASE("masks view: who sees whom in the three architectures, by hand") {
    // Two tokens, filled up by one.
    CHECK(visible_to(mask_of(MaskGrid::encoder_only, 2, 1), 0) == Row{true, true, false});
    CHECK(visible_to(mask_of(MaskGrid::decoder_only, 2, 1), 0) == Row{true, false, false});
    CHECK(visible_to(mask_of(MaskGrid::decoder_only, 2, 1), 1) == Row{true, true, false});
    CHECK(visible_to(mask_of(MaskGrid::decoder_only, 2, 1), 2) == Row{true, true, false});
    CHECK(visible_to(mask_of(MaskGrid::source, 2, 0), 0) == Row{true, true});
    CHECK(visible_to(mask_of(MaskGrid::target, 2, 0), 0) == Row{true, false});
    CHECK(visible_to(mask_of(MaskGrid::cross, 2, 1), 0) == Row{true, true, false});
}

TEST_CASE("masks view: pointing at a row tells what its token sees; padding hides columns") {
    ViewStage stage({1200.0F, 900.0F});
    stage.run = run_text(bundled_model(), "The king gave the");
    stage.stage.position = 1;
    stage.frames(draw_masks, 2);
    const std::string text = stage.text_of(draw_masks);
    CHECK(holds(text, "Decoder only"));
    CHECK(holds(text, "needs no weights"));
    CHECK(holds(text, "sees 2 of 5 tokens (decoder only)"));
    CHECK(holds(text, "sees 5 of 5"));  // the same token in the encoder's card
    MasksMemory& memory = stage.memory().of<MasksMemory>();
    stage.move_to(cell(memory, MaskGrid::encoder_only, 1, 3));
    stage.frames(draw_masks, 2);
    CHECK(holds(stage.text_of(draw_masks), "sees 5 of 5 tokens (encoder only)"));
    memory.padding = 2;
    stage.frame(draw_masks);
    stage.move_to(cell(memory, MaskGrid::encoder_only, 1, 3));
    stage.frames(draw_masks, 2);
    CHECK(holds(stage.text_of(draw_masks), "sees 5 of 7 tokens (encoder only)"));
    CHECK(memory.pictures[0].image().width == 7);
    CHECK(memory.labels.back() == "‹pad›");
    stage.language = Language::korean;
    CHECK(holds(stage.text_of(draw_masks), "7개 가운데 5개를 봐요"));
}

TEST_CASE("masks view: a click on a row chooses its token; arrows and Enter do, too") {
    ViewStage stage({1200.0F, 900.0F});
    stage.run = run_text(bundled_model(), "The king gave the");
    stage.frames(draw_masks, 2);
    MasksMemory& memory = stage.memory().of<MasksMemory>();
    stage.click(draw_masks, cell(memory, MaskGrid::cross, 3, 1));
    CHECK(stage.stage.position == 3);
    stage.move_away();
    stage.frame(draw_masks);
    stage.press(draw_masks, ImGuiKey_UpArrow);
    CHECK(memory.grid == MaskGrid::cross);
    CHECK(memory.query == 2);
    stage.press(draw_masks, ImGuiKey_Enter);
    CHECK(stage.stage.position == 2);
}

TEST_CASE("masks view: a long text is cut, and it says so; without a run it asks for a text") {
    ViewStage stage;
    CHECK(holds(stage.text_of(draw_masks), "Type something above"));
    stage.run = run_text(bundled_model(),
                         "The king gave the book to his daughter and she read it to her brother "
                         "and to her sister in the garden");
    stage.frame(draw_masks);
    CHECK(stage.memory().of<MasksMemory>().labels.size() == 16);
    CHECK(holds(stage.text_of(draw_masks), "only its first 16 tokens"));
}

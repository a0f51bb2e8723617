#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "models/decoder.h"
#include "viz/view_stage.h"
#include "viz/views/residual.h"
#include "viz/views/residual_parts.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

bool holds(const std::string& all, const std::string& part) {
    return all.find(part) != std::string::npos;
}

void set_daughter(ViewStage& stage) {
    stage.run = run_text(bundled_model(), "The king said to his daughter");
    stage.stage.position = 6;
}

}  // namespace

TEST_CASE("residual view: lengths of what each branch adds are those of chapter 08") {
    ViewStage stage({1200.0F, 900.0F});
    set_daughter(stage);
    stage.frame(draw_residual);
    const ResidualMemory& memory = stage.memory().of<ResidualMemory>();
    REQUIRE(memory.branches.size() == 12);
    // As `vitrine show "blocks.*_out"` prints them in the lesson, to two decimals.
    CHECK(memory.branches[0].branch == Branch::attention);
    CHECK(memory.branches[0].added == doctest::Approx(4.75).epsilon(0.002));
    CHECK(memory.branches[1].added == doctest::Approx(37.26).epsilon(0.001));
    CHECK(memory.branches[10].added == doctest::Approx(23.27).epsilon(0.001));
    CHECK(memory.branches[11].added == doctest::Approx(31.40).epsilon(0.001));
    // |stream + added|^2 = |stream|^2 + |added|^2 + 2 |stream| |added| cosine, to rounding.
    for (std::size_t i = 0; i + 1 < memory.branches.size(); ++i) {
        const BranchStep& step = memory.branches[i];
        const double squared = step.stream * step.stream + step.added * step.added +
                               2.0 * step.stream * step.added * step.cosine;
        CHECK(std::sqrt(squared) == doctest::Approx(memory.branches[i + 1].stream).epsilon(1e-4));
    }
}

TEST_CASE("residual view: a cosine says same, across, against") {
    const std::vector<Real> a{3.0F, 4.0F}, b{-4.0F, 3.0F}, c{-3.0F, -4.0F}, zero{0.0F, 0.0F};
    CHECK(length_of(a) == doctest::Approx(5.0));
    CHECK(cosine_of(a, a) == doctest::Approx(1.0));
    CHECK(cosine_of(a, b) == doctest::Approx(0.0));
    CHECK(cosine_of(a, c) == doctest::Approx(-1.0));
    CHECK(cosine_of(a, zero) == 0.0);
}

TEST_CASE("residual view: a click on a branch unfolds its block; arrows and Enter do, too") {
    ViewStage stage({1200.0F, 900.0F});
    set_daughter(stage);
    stage.frames(draw_residual, 2);
    ResidualMemory& memory = stage.memory().of<ResidualMemory>();
    const float row = 6.0F * stage.theme().unit;
    stage.click(draw_residual, {memory.table.first.x + 40.0F, memory.table.first.y + 4.5F * row});
    CHECK(stage.stage.layer == 2);
    stage.frame(draw_residual);
    CHECK(memory.layer == 2);
    REQUIRE(memory.strips.size() == 7);
    CHECK(memory.strips[0].values.data() == vector_at(*stage.run, 2, "resid_pre", 6).data());
    CHECK(memory.strip_picture.image().height == 7);
    stage.move_away();
    stage.frame(draw_residual);
    CHECK(holds(stage.text_of(draw_residual), "Block 2 unfolded"));
    for (int i = 0; i < 2; ++i) stage.press(draw_residual, ImGuiKey_DownArrow);
    stage.press(draw_residual, ImGuiKey_Enter);
    CHECK(stage.stage.layer == 3);
}

TEST_CASE("residual view: a strip opens the activations view at its step") {
    ViewStage stage({1200.0F, 900.0F});
    set_daughter(stage);
    stage.stage.layer = 4;
    stage.frames(draw_residual, 2);
    const ResidualMemory& memory = stage.memory().of<ResidualMemory>();
    const ImVec2 low = memory.strip_lows[4];
    stage.click(draw_residual, {low.x + 10.0F, low.y + 4.0F});
    CHECK(stage.wishes.open_link == "view:activations?layer=4&step=ln_2&position=6");
}

TEST_CASE("residual view: mean and deviation of every token before every block and at the end") {
    ViewStage stage({1200.0F, 900.0F});
    set_daughter(stage);
    stage.frame(draw_residual);
    ResidualMemory& memory = stage.memory().of<ResidualMemory>();
    memory.page = static_cast<int>(ResidualPage::tokens);
    stage.settle(draw_residual);
    REQUIRE(memory.depth != nullptr);
    CHECK(memory.depth->positions == 7);
    CHECK(memory.depth->places == 7);
    const RowNumbers end = describe_row(vector_at(*stage.run, 5, "resid_post", 2));
    CHECK(memory.depth->mean[2 * 7 + 6] == doctest::Approx(end.mean));
    CHECK(memory.depth->deviation[2 * 7 + 6] == doctest::Approx(end.deviation));
    CHECK(memory.maps[1].image().width == 7);
    const MapCell& cell = memory.cells[1];
    stage.click(draw_residual, {cell.low.x + 3.5F * cell.cell.x, cell.low.y + 2.5F * cell.cell.y});
    CHECK(stage.stage.position == 2);
    CHECK(stage.stage.layer == 3);
    stage.move_away();
    stage.frame(draw_residual);
    stage.press(draw_residual, ImGuiKey_RightArrow);
    CHECK(cell.place == 4);
    stage.press(draw_residual, ImGuiKey_Enter);
    CHECK(stage.stage.layer == 4);
    // Every number of the position is in a bin, before and after.
    CHECK(std::accumulate(memory.spread.before.begin(), memory.spread.before.end(), 0) == 256);
    CHECK(std::accumulate(memory.spread.after.begin(), memory.spread.after.end(), 0) == 256);
}

TEST_CASE("residual view: with the norms after the sums every block sets the length anew") {
    ViewStage stage({1200.0F, 900.0F});
    set_daughter(stage);
    const auto growth = post_norm_growth(*stage.run, {});
    REQUIRE(growth != nullptr);
    REQUIRE(growth->post.size() == 7);
    REQUIRE(growth->post[6].size() == 7);
    // Both start from the same vector.
    CHECK(growth->post[6][0] == doctest::Approx(growth->pre[6][0]));
    CHECK(growth->pre[6][6] ==
          doctest::Approx(length_of(vector_at(*stage.run, 5, "resid_post", 6))));
    // After a norm a vector has a deviation of 1 in each dimension, times the gain, plus the bias:
    // no longer than sqrt(C) times the largest gain, plus the length of the bias.
    const auto& blocks = stage.run->model->decoder()->weights().blocks;
    for (std::size_t l = 0; l < blocks.size(); ++l) {
        const NormWeights& norm = blocks[l].ln_2;
        const double C = static_cast<double>(norm.gain.size());
        double gain = 0.0, bias = 0.0;
        for (const Real g : norm.gain) gain = std::max(gain, std::abs(static_cast<double>(g)));
        for (const Real b : norm.bias) bias += static_cast<double>(b) * static_cast<double>(b);
        for (const auto& row : growth->post) {
            CHECK(static_cast<double>(row[l + 1]) <= std::sqrt(C) * gain + std::sqrt(bias) + 1e-3);
        }
    }
    stage.frame(draw_residual);
    ResidualMemory& memory = stage.memory().of<ResidualMemory>();
    memory.page = static_cast<int>(ResidualPage::norms);
    stage.settle(draw_residual);
    CHECK(memory.growth != nullptr);
    CHECK(holds(stage.text_of(draw_residual), "was not trained so"));
    stage.language = Language::korean;
    CHECK(holds(stage.text_of(draw_residual), "그렇게 학습하지 않았어요"));
}

TEST_CASE("residual view: asked to stop, the moved norms give nothing") {
    const auto run = run_text(bundled_model(), "The king");
    std::stop_source stop;
    stop.request_stop();
    CHECK(post_norm_growth(*run, stop.get_token()) == nullptr);
}

TEST_CASE("residual view: a link names the page by its step") {
    ViewStage stage({1200.0F, 900.0F});
    set_daughter(stage);
    stage.stage.step = "norms";
    stage.settle(draw_residual);
    ResidualMemory& memory = stage.memory().of<ResidualMemory>();
    CHECK(memory.page == static_cast<int>(ResidualPage::norms));
    memory.page = 0;  // the learner goes elsewhere
    stage.frame(draw_residual);
    CHECK(memory.page == 0);
}

TEST_CASE("residual view: without a run, or without a stream, it says so") {
    ViewStage stage;
    CHECK(holds(stage.text_of(draw_residual), "Type something above"));
    auto empty = std::make_shared<Run>(*run_text(bundled_model(), "The"));
    empty->activations.clear();
    stage.run = empty;
    CHECK(holds(stage.text_of(draw_residual), "No stream was kept"));
}

#include "viz/views/residual.h"

#include <algorithm>
#include <array>

#include "viz/views/residual_parts.h"
#include "viz/views/states.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

void ask(ViewContext& context, ResidualMemory& memory) {
    const std::shared_ptr<const Run> run = memory.shown->run;
    const AttentionStack* stack = memory.stack;
    const auto page = static_cast<ResidualPage>(memory.page);
    if (page == ResidualPage::tokens && !memory.depth) {
        const auto number = stack != nullptr ? stack - run->stacks.data() : 0;
        const std::uint64_t id = (run->serial << 4U) + static_cast<std::uint64_t>(number);
        const auto answer = context.background.ask<DepthMap>(
            "residual depth", id, [run, stack](const std::stop_token&) {
                return std::make_shared<const DepthMap>(depth_map({*run, stack}));
            });
        if (answer.value && answer.id == id) {
            memory.depth = answer.value;
            for (Texture& map : memory.maps) map.reset();
        }
    }
    if (page == ResidualPage::norms && !memory.growth) {
        const auto answer = context.background.ask<Growth>(
            "residual growth", run->serial,
            [run](const std::stop_token& stop) { return post_norm_growth(*run, stop); });
        if (answer.value && answer.id == run->serial) memory.growth = answer.value;
    }
}

constexpr std::array<const char*, 3> page_names{"blocks", "tokens", "norms"};

/// A link names a page as it names a step: "view:residual?step=norms".
void follow_link(const ViewContext& context, ResidualMemory& memory) {
    if (memory.linked == context.stage.step) return;
    memory.linked = context.stage.step;
    for (std::size_t i = 0; i < page_names.size(); ++i) {
        if (memory.linked == page_names[i]) memory.page = static_cast<int>(i);
    }
}

void draw_controls(ViewContext& context, ResidualMemory& memory) {
    const Theme& theme = context.theme;
    // Short names where the long ones have no room.
    const bool narrow = ImGui::GetContentRegionAvail().x < 95.0F * theme.unit;
    const std::array<const char*, 3> pages{
        narrow ? context.say("Blocks", "블록") : context.say("Block by block", "블록마다"),
        narrow ? context.say("Tokens", "토큰") : context.say("All tokens", "모든 토큰"),
        narrow ? context.say("Norms", "정규화") : context.say("Norms moved", "정규화 옮기기")};
    segmented(theme, "pages", pages, memory.page);
    if (static_cast<ResidualPage>(memory.page) == ResidualPage::norms) return;
    const float width = 30.0F * theme.unit;
    int layer = static_cast<int>(memory.layer);
    const std::string name = context.language == Language::korean
                                 ? std::to_string(layer) + "번 블록"
                                 : "Block " + std::to_string(layer);
    const float text = text_width(ImGui::GetFont(), name);
    same_line_if_fits(theme, text + width + 4.0F * theme.unit);
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted(name.c_str());
    ImGui::SameLine(0.0F, 2.0F * theme.unit);
    ImGui::SetNextItemWidth(width);
    const int last = static_cast<int>(memory.tower().layers()) - 1;
    if (ImGui::SliderInt("##block", &layer, 0, last, "", ImGuiSliderFlags_AlwaysClamp)) {
        context.stage.layer = layer;
    }
}

void draw_blocks_page(ViewContext& context, ResidualMemory& memory) {
    const Theme& theme = context.theme;
    const float room = ImGui::GetContentRegionAvail().x;
    const float gap = 6.0F * theme.unit;
    const bool narrow = room < 150.0F * theme.unit;
    const float left = narrow ? room : 0.42F * room;
    ImGui::BeginGroup();
    draw_branches(context, memory, left);
    ImGui::EndGroup();
    if (narrow) {
        ImGui::Dummy({0.0F, 2.0F * theme.unit});
    } else {
        ImGui::SameLine(0.0F, gap);
    }
    ImGui::BeginGroup();
    draw_block(context, memory, narrow ? room : room - left - gap);
    ImGui::EndGroup();
}

}  // namespace

void draw_residual(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context)) return;
    ResidualMemory& memory = context.memory.of<ResidualMemory>();
    const bool there = refresh(context, memory);
    if (there) {
        explain(
            theme,
            norms_behind(memory.tower())
                ? context.say(
                      "A token's vector runs from the first block to the last: this is the "
                      "residual stream. Each attention and each feed-forward adds something to "
                      "it; this model norms every sum, so its length stays about the same.",
                      "토큰의 벡터는 첫 블록에서 마지막 블록까지 흘러가요. 이것이 잔차 "
                      "흐름이에요. 어텐션과 피드포워드가 저마다 무언가를 더하고, 이 모델은 더할 "
                      "때마다 정규화해서 길이가 거의 그대로예요.")
                : context.say(
                      "A token's vector runs from the first block to the last. Each attention "
                      "and each feed-forward adds something to it, and so it grows: this is the "
                      "residual stream.",
                      "토큰의 벡터는 첫 블록에서 마지막 블록까지 흘러가요. 어텐션과 피드포워드가 "
                      "저마다 무언가를 더해서 점점 길어져요. 이것이 잔차 흐름이에요."));
    }
    draw_tower_choice(context);
    if (!there) {
        if (chosen_tower(*context.run, context.stage).axis() == Axis::picture)
            return draw_without_picture(context);
        draw_state(theme, context.say("No stream was kept", "흐름 기록이 없어요"),
                   context.say("This run holds no residual stream.",
                               "이번 실행에는 잔차 흐름이 남아 있지 않아요."),
                   theme.muted);
        return;
    }
    follow_link(context, memory);
    ask(context, memory);
    draw_controls(context, memory);
    const ChipsAnswer answer =
        draw_token_row(context, memory.text, memory.labels(), memory.position);
    if (answer.seen >= 0) {
        begin_card_at(theme, {answer.low.x, answer.high.y + theme.unit});
        card_row(theme, context.say("Token ", "토큰 "),
                 std::to_string(answer.seen) + "  " +
                     memory.labels()[static_cast<std::size_t>(answer.seen)],
                 16.0F * theme.unit);
        card_note(theme, context.say("Click to follow it.", "누르면 이 토큰을 따라가요."),
                  60.0F * theme.unit);
        end_card();
    }
    switch (static_cast<ResidualPage>(memory.page)) {
        case ResidualPage::blocks: draw_blocks_page(context, memory); break;
        case ResidualPage::tokens: draw_tokens_page(context, memory); break;
        case ResidualPage::norms: draw_norms_page(context, memory); break;
    }
}

}  // namespace vitrine::viz

// Rotary positions: the arrows of the run's own queries and keys, and the choice of them.
#include <algorithm>
#include <array>

#include "viz/views/positions_parts.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/formatted.h"
#include "viz/widgets/tooltip.h"

namespace vitrine::viz {

namespace {

/// The layer and head of the stage, within what the run has.
std::pair<Index, Index> chosen_head(const ViewContext& context, const RotaryMemory& own) {
    return {std::clamp<Index>(context.stage.layer, 0, own.layers - 1),
            std::clamp<Index>(context.stage.head, 0, own.heads - 1)};
}

void draw_sliders(ViewContext& context, RotaryMemory& own, float width) {
    const Theme& theme = context.theme;
    const auto [layer, head] = chosen_head(context, own);
    const float gap = 3.0F * theme.unit, half = 0.5F * (width - gap);
    int chosen_layer = static_cast<int>(layer), chosen = static_cast<int>(head);
    if (captioned_slider(theme, "##layer", context.say("Layer", "층"), chosen_layer, 0,
                         static_cast<int>(own.layers) - 1, "%d", half))
        context.stage.layer = chosen_layer;
    ImGui::SameLine(0.0F, gap);
    if (captioned_slider(theme, "##head", context.say("Head", "헤드"), chosen, 0,
                         static_cast<int>(own.heads) - 1, "%d", half))
        context.stage.head = chosen;
}

}  // namespace

void refresh_arrows(ViewContext& context, PositionsMemory& memory) {
    RotaryMemory& own = memory.rotary;
    own.query.clear();
    own.key.clear();
    own.layers = own.heads = 0;
    const Run& run = *context.run;
    const Activation* first = own.of_model ? run.at(0, "attn.q_rot") : nullptr;
    if (first == nullptr || first->shape.size() != 3) return;
    own.heads = first->shape[0];
    while (run.at(own.layers, "attn.q_rot") != nullptr) ++own.layers;
    if (!own.from_run) return;
    const auto [layer, head] = chosen_head(context, own);
    const Activation *q = run.at(layer, "attn.q"), *k = run.at(layer, "attn.k"),
                     *q_rot = run.at(layer, "attn.q_rot"), *k_rot = run.at(layer, "attn.k_rot");
    if (q == nullptr || k == nullptr || k_rot == nullptr) return;
    const Index shared = own.heads / std::max<Index>(1, k->shape[0]);  // query heads a key head
    own.query = pairs_of(*q, *q_rot, own.rotary, head, memory.position + own.distance);
    own.key = pairs_of(*k, *k_rot, own.rotary, head / shared, memory.position);
    own.longest = 1e-9;
    for (const auto* pairs : {&own.query, &own.key}) {
        for (const PairTurn& each : *pairs) own.longest = std::max(own.longest, each.length());
    }
}

void move_into_text(ViewContext& context, PositionsMemory& memory) {
    const Index last = context.run->positions() - 1;
    memory.rotary.distance = std::clamp<Index>(memory.rotary.distance, 0, last);
    choose_position(context, memory, std::min(memory.position, last - memory.rotary.distance));
}

void draw_arrow_choice(ViewContext& context, PositionsMemory& memory, float width) {
    const Theme& theme = context.theme;
    RotaryMemory& own = memory.rotary;
    refresh_arrows(context, memory);
    if (own.layers == 0) return;
    const std::array<const char*, 2> names{context.say("All of length 1", "길이를 1로"),
                                           context.say("From the run", "실제 값")};
    int which = own.from_run ? 1 : 0;
    if (segmented(theme, "arrows", names, which)) {
        own.from_run = which == 1;
        if (own.from_run) move_into_text(context, memory);
    }
    if (!own.from_run) return;
    draw_sliders(context, own, width);
    refresh_arrows(context, memory);
    if (own.query.empty() || own.key.empty()) {
        caption(
            theme,
            context.say("Key or query stands behind your text: there are no numbers, so all "
                        "arrows have length 1.",
                        "키나 쿼리가 글 뒤에 있어요. 수가 없으니 화살표의 길이는 모두 1이에요."),
            width);
        return;
    }
    const auto [before, after] = pair_products(own.query, own.key);
    const std::string was = formatted("%.2f", before), is = formatted("%.2f", after);
    caption(theme,
            context.language == Language::korean
                ? "가는 화살표는 돌리기 전, 굵은 화살표는 돌린 뒤예요. 쿼리와 키의 곱은 " + was +
                      "에서 " + is + "로 바뀌어요."
                : "Thin arrows: before the turn; thick ones: after it. Query times key was " + was +
                      ", and is " + is + " now.",
            width);
}

}  // namespace vitrine::viz

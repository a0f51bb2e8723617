// The masks of the three architectures as pictures, and what a row of one says.
#include <algorithm>
#include <cmath>

#include "chapters/08_blocks/blocks.h"
#include "viz/views/masks_parts.h"
#include "viz/widgets/tooltip.h"

namespace vitrine::viz {

namespace {

bool is_causal(MaskGrid grid) {
    return grid == MaskGrid::decoder_only || grid == MaskGrid::target;
}

/// Hidden by order: transparent, so that the hatching shows. Hidden since it is padding: grey.
Image paint(const Tensor2& mask, Index tokens, const Theme& theme) {
    const auto n = static_cast<int>(mask.shape()[0]);
    Image image(n, n);
    for (int query = 0; query < n; ++query) {
        for (int key = 0; key < n; ++key) {
            const bool visible = mask(query, key) == 0.0F;
            const bool wasted = query >= tokens;  // what a padding row makes is thrown away
            if (visible)
                image.at(key, query) = theme.heat(wasted ? 0.2F : 0.6F);
            else if (key >= tokens)
                image.at(key, query) = theme.border;
        }
    }
    return image;
}

void draw_pair_card(ViewContext& context, const MasksMemory& memory, MaskGrid grid,
                    const HeatmapAnswer& answer) {
    const Theme& theme = context.theme;
    const Tensor2& mask = memory.masks[static_cast<std::size_t>(grid)];
    const float column = 26.0F * theme.unit;
    if (answer.by_keyboard) {
        begin_card_at(theme, {answer.cell_high.x + theme.unit, answer.cell_high.y + theme.unit});
    } else {
        begin_card(theme);
    }
    const auto name = [&](Index i) {
        return std::to_string(i) + "  " + memory.labels[static_cast<std::size_t>(i)];
    };
    card_row(theme, context.say("Who looks", "보는 토큰"), name(answer.query), column);
    if (answer.key >= 0) {
        card_row(theme, context.say("At whom", "보이는 토큰"), name(answer.key), column);
        const bool visible = mask(answer.query, answer.key) == 0.0F;
        card_row(theme, context.say("Mask", "마스크"), visible ? "0" : "−∞", column);
        const char* why =
            visible ? context.say("It may look.", "볼 수 있어요.")
            : answer.key >= memory.tokens
                ? context.say("Hidden: only padding is there.", "가려져요. 채움 토큰이니까요.")
                : context.say("Hidden: it comes later.", "가려져요. 뒤에 오는 토큰이니까요.");
        card_note(theme, why, 70.0F * theme.unit);
    }
    if (answer.query >= memory.tokens) {
        card_note(theme,
                  context.say("The row of a padding token: what it makes is thrown away.",
                              "채움 토큰의 줄이에요. 여기서 나온 값은 버려요."),
                  70.0F * theme.unit);
    }
    end_card();
}

}  // namespace

Tensor2 mask_of(MaskGrid grid, Index T, Index padding) {
    const Index S = T + padding;
    Tensor2 mask = chapters::padding_mask(S, S, T);
    if (is_causal(grid)) mask += chapters::causal_mask(S, S);
    return mask;
}

std::vector<bool> visible_to(const Tensor2& mask, Index query) {
    std::vector<bool> visible(mask.shape()[1]);
    for (std::size_t s = 0; s < visible.size(); ++s) {
        visible[s] = mask(static_cast<std::size_t>(query), s) == 0.0F;
    }
    return visible;
}

void refresh(ViewContext& context, MasksMemory& memory) {
    const bool same = !take_shown(context, memory.shown) && memory.dark == context.theme.dark &&
                      memory.painted_padding == memory.padding;
    if (same) return;
    memory.dark = context.theme.dark;
    memory.painted_padding = memory.padding;
    memory.labels = memory.shown->labels;
    memory.tokens = std::min(context.run->positions(), most_mask_tokens);
    memory.labels.resize(static_cast<std::size_t>(memory.tokens));
    memory.labels.resize(static_cast<std::size_t>(memory.tokens + memory.padding),
                         context.say("‹pad›", "‹채움›"));
    for (std::size_t i = 0; i < mask_grids; ++i) {
        memory.masks[i] = mask_of(static_cast<MaskGrid>(i), memory.tokens, memory.padding);
        memory.pictures[i].set(context.memory.device(),
                               paint(memory.masks[i], memory.tokens, context.theme));
    }
}

void draw_mask_grid(ViewContext& context, MasksMemory& memory, MaskGrid grid, ImVec2 size) {
    const auto i = static_cast<std::size_t>(grid);
    const auto n = static_cast<Index>(memory.labels.size());
    HeatmapInput input;
    static constexpr std::array<const char*, mask_grids> ids{"encoder", "decoder", "source",
                                                             "target", "cross"};
    input.id = ids[i];
    input.texture = &memory.pictures[i];
    input.n = n;
    input.labels = memory.labels;
    input.pinned_query = memory.query;  // the same row in all grids, to compare
    input.marked = context.stage.hovered_position < n ? context.stage.hovered_position : -1;
    input.gaps_from = 2.0F;
    input.size = size;
    const bool of_target = grid == MaskGrid::target || grid == MaskGrid::cross;
    const bool at_source = grid == MaskGrid::source || grid == MaskGrid::cross;
    input.query_title = of_target                  ? context.say("target", "번역문")
                        : grid == MaskGrid::source ? context.say("source", "원문")
                                                   : context.say("who looks", "보는 쪽");
    input.key_title = grid == MaskGrid::target ? context.say("target", "번역문")
                      : at_source              ? context.say("source", "원문")
                                               : context.say("at whom", "보이는 쪽");
    const HeatmapAnswer answer = draw_heatmap(context.theme, input, memory.states[i]);
    if (answer.pin && answer.pin_query >= 0) {
        const bool again = context.stage.position == answer.pin_query;
        context.stage.position = again || answer.pin_query >= memory.tokens ? -1 : answer.pin_query;
    }
    if (answer.query < 0) return;
    memory.looked_at = true;
    memory.grid = grid;
    memory.query = answer.query;
    draw_pair_card(context, memory, grid, answer);
}

}  // namespace vitrine::viz

// The picture with what lies on its patches, and all heads as small maps of the same patches.
#include <algorithm>
#include <cmath>

#include "viz/views/attention_parts.h"
#include "viz/views/pictures_parts.h"
#include "viz/widgets/colour.h"
#include "viz/widgets/keys.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

Image photo_of(const vitrine::Image& square) {
    Image image(static_cast<int>(square.width), static_cast<int>(square.height));
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        const std::uint8_t* rgb = square.pixels.data() + 3 * i;
        image.pixels[i] = IM_COL32(rgb[0], rgb[1], rgb[2], 255);
    }
    return image;
}

/// Part of the largest weight, small ones brought out.
float strength(Real weight, Real largest) {
    return largest > 0 ? std::sqrt(static_cast<float>(weight / largest)) : 0.0F;
}

Image overlay_of(const PatchWeights& weights, Index across, const Theme& theme) {
    Image image(static_cast<int>(across), static_cast<int>(across));
    const Real largest = weights.patches[static_cast<std::size_t>(weights.strongest())];
    for (std::size_t i = 0; i < image.pixels.size(); ++i)
        image.pixels[i] = faded(theme.accent, 0.85F * strength(weights.patches[i], largest));
    return image;
}

/// Layers downwards, heads and then their average across; a clear pixel between two maps.
Image heads_of(const Run& run, const AttentionStack& stack, const Theme& theme) {
    const Index across = run.picture->across(), H = stack.heads;
    Image image(static_cast<int>((H + 1) * (across + 1)),
                static_cast<int>(stack.layers() * (across + 1)));
    for (Index layer = 0; layer < stack.layers(); ++layer) {
        for (Index head = 0; head <= H; ++head) {
            const PatchWeights weights = patch_weights(run, layer, head == H ? -1 : head, 0);
            if (weights.patches.empty()) continue;
            const Real largest = weights.patches[static_cast<std::size_t>(weights.strongest())];
            for (Index p = 0; p < across * across; ++p) {
                image.at(static_cast<int>(head * (across + 1) + p % across),
                         static_cast<int>(layer * (across + 1) + p / across)) =
                    theme.heat(strength(weights.patches[static_cast<std::size_t>(p)], largest));
            }
        }
    }
    return image;
}

void outline(const Theme& theme, const PicturesMemory& memory, Index across, Index patch,
             ImU32 colour) {
    if (patch < 0) return;
    const Index row = patch / across;
    const ImVec2 low{memory.low.x + static_cast<float>(patch % across) * memory.side,
                     memory.low.y + static_cast<float>(row) * memory.side};
    const ImVec2 high{low.x + memory.side, low.y + memory.side};
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRect(low, high, theme.surface, 0.0F, 0, 4.0F * theme.scale);
    list->AddRect(low, high, colour, 0.0F, 0, 2.0F * theme.scale);
}

/// Arrows move a patch; pointing takes it over again.
void look(PicturesMemory& memory, Index across, bool hovered, bool focused) {
    const ImGuiIO& io = ImGui::GetIO();
    if (!focused || io.MouseDelta.x != 0.0F || io.MouseDelta.y != 0.0F) memory.by_keyboard = false;
    if (focused) {
        if (memory.key < 0) memory.key = std::max<Index>(0, memory.chosen);
        if (const ArrowStep step = arrow_step()) {
            const Index column = std::clamp<Index>(memory.key % across + step.x, 0, across - 1);
            const Index row = std::clamp<Index>(memory.key / across + step.y, 0, across - 1);
            if (row * across + column != memory.key) keep_focus_here();  // at the edge it goes on
            memory.key = row * across + column;
            memory.by_keyboard = true;
        }
    }
    memory.seen = -1;
    if (memory.by_keyboard) {
        memory.seen = memory.key;
    } else if (hovered) {
        const auto at = [&](float place) {
            return std::clamp<Index>(static_cast<Index>(place / memory.side), 0, across - 1);
        };
        memory.seen = at(io.MousePos.y - memory.low.y) * across + at(io.MousePos.x - memory.low.x);
    }
}

std::string patch_name(const ViewContext& context, Index patch, Index across) {
    const std::string row = std::to_string(patch / across + 1),
                      column = std::to_string(patch % across + 1);
    return context.language == Language::korean ? row + "행 " + column + "열"
                                                : "row " + row + ", column " + column;
}

void draw_patch_card(const ViewContext& context, const PicturesMemory& memory, Index across) {
    const Theme& theme = context.theme;
    const float unit = theme.unit;
    if (memory.by_keyboard) {
        const Index right = memory.seen % across + 1, below = memory.seen / across + 1;
        begin_card_at(theme, {memory.low.x + static_cast<float>(right) * memory.side,
                              memory.low.y + static_cast<float>(below) * memory.side});
    } else {
        begin_card(theme);
    }
    const float column = 26.0F * unit;
    card_row(theme, context.say("Patch", "조각"), patch_name(context, memory.seen, across), column);
    card_row(theme, context.say("Weight", "가중치"),
             number_text(static_cast<double>(
                 memory.weights.patches[static_cast<std::size_t>(memory.seen)])),
             column);
    card_note(theme,
              memory.seen == memory.chosen
                  ? context.say("Click to go back to the class embedding.",
                                "누르면 클래스 임베딩으로 돌아가요.")
                  : context.say("Click to see what this patch looks at.",
                                "누르면 이 조각이 무엇을 보는지 보여 줘요."),
              70.0F * unit);
    end_card();
}

}  // namespace

void refresh(ViewContext& context, PicturesMemory& memory) {
    const Theme& theme = context.theme;
    const AttentionStack& stack = *picture_stack(*context.run);
    const bool new_run = memory.run != context.run, new_theme = memory.dark != theme.dark;
    memory.run = context.run;
    memory.dark = theme.dark;
    const Picture& picture = *memory.run->picture;
    const Index across = picture.across();
    if (memory.photo_of != memory.run->picture) {
        memory.photo_of = memory.run->picture;
        memory.photo.set(context.memory.device(), photo_of(picture.square));
        memory.chosen = memory.key = memory.seen = -1;
    }
    if (new_run || new_theme)
        memory.heads.set(context.memory.device(), heads_of(*memory.run, stack, theme));
    Stage& stage = context.stage;
    stage.layer = std::clamp<Index>(stage.layer, -1, stack.layers() - 1);
    stage.head = stage.layer < 0 ? -1 : std::clamp<Index>(stage.head, -1, stack.heads - 1);
    const Index from = memory.chosen + 1;
    if (!new_run && !new_theme && memory.layer == stage.layer && memory.head == stage.head &&
        memory.from == from)
        return;
    memory.layer = stage.layer;
    memory.head = stage.head;
    memory.from = from;
    memory.weights = patch_weights(*memory.run, memory.layer, memory.head, from);
    memory.overlay.set(context.memory.device(), overlay_of(memory.weights, across, theme));
}

void draw_picture(ViewContext& context, PicturesMemory& memory, float side) {
    const Theme& theme = context.theme;
    const Picture& picture = *memory.run->picture;
    const Index across = picture.across();
    const std::string who =
        memory.chosen < 0
            ? context.say("what the class embedding looks at", "클래스 임베딩이 보는 곳")
            : context.say("what this patch looks at: ", "이 조각이 보는 곳: ") +
                  patch_name(context, memory.chosen, across);
    small_heading(theme, elided(theme.fonts.bold,
                                map_title(context, memory.layer, memory.head) + ": " + who, side));
    memory.low = ImGui::GetCursorScreenPos();
    memory.side = side / static_cast<float>(across);
    const bool pressed = ImGui::InvisibleButton("picture", {side, side});
    const bool focused = has_key_focus(), ring = shows_key_focus();
    look(memory, across, ImGui::IsItemHovered(), focused);
    const ImVec2 low = memory.low, high{low.x + side, low.y + side};
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddImage(memory.photo.id(), low, high);
    list->AddImage(memory.overlay.id(), low, high);
    const ImU32 grid = faded(theme.surface, 0.35F);
    for (Index i = 1; i < across; ++i) {
        const float at = static_cast<float>(i) * memory.side;
        list->AddLine({low.x + at, low.y}, {low.x + at, high.y}, grid);
        list->AddLine({low.x, low.y + at}, {high.x, low.y + at}, grid);
    }
    list->AddRect(low, high, ring ? theme.accent : theme.border, 0.0F, 0,
                  ring ? 0.5F * theme.unit : 1.0F);
    outline(theme, memory, across, memory.chosen, theme.accent);
    if (memory.seen >= 0) outline(theme, memory, across, memory.seen, theme.text);
    const Index most = memory.weights.strongest();
    const auto weight = [](Real value) { return number_text(static_cast<double>(value)); };
    caption(theme,
            context.say("Strongest: ", "가장 진한 조각: ") + patch_name(context, most, across) +
                ", " + weight(memory.weights.patches[static_cast<std::size_t>(most)]) +
                context.say(". On the class embedding: ", ". 클래스 임베딩에는: ") +
                weight(memory.weights.to_class),
            side);
    if (memory.seen < 0) return;
    const bool enter = focused && key_pressed(ImGuiKey_Enter, false);
    draw_patch_card(context, memory, across);
    if (pressed || enter) {
        memory.chosen = memory.chosen == memory.seen ? -1 : memory.seen;
        memory.key = memory.seen;  // arrows go on from here
    }
}

void draw_picture_heads(ViewContext& context, PicturesMemory& memory, float width) {
    const Theme& theme = context.theme;
    const AttentionStack& stack = *picture_stack(*memory.run);
    const Index columns = stack.heads + 1, rows = stack.layers();
    const auto across = static_cast<float>(memory.run->picture->across());
    small_heading(theme, context.say("Every head", "모든 헤드"));
    caption(theme,
            context.say("What the class embedding looks at: a row a layer, the last column the "
                        "average. Click one to lay it over the picture.",
                        "클래스 임베딩이 보는 곳이에요. 한 줄이 한 층이고 맨 끝은 평균이에요. "
                        "누르면 그림 위에 얹어 보여 줘요."),
            width);
    // A map is `across` pixels of across + 1; the last pixel is the gap.
    const float cell = std::min({width / static_cast<float>(columns), 14.0F * theme.unit});
    const ImVec2 low = ImGui::GetCursorScreenPos();
    const ImVec2 size{cell * static_cast<float>(columns), cell * static_cast<float>(rows)};
    const bool pressed = ImGui::InvisibleButton("heads", size);
    const bool hovered = ImGui::IsItemHovered(), ring = shows_key_focus();
    Stage& stage = context.stage;
    const Index row = std::max<Index>(0, stage.layer);
    const Index column = stage.head < 0 ? stack.heads : stage.head;
    const auto choose = [&](Index layer, Index at) {
        stage.layer = layer;
        stage.head = at == stack.heads ? -1 : at;
    };
    if (has_key_focus()) {
        if (const ArrowStep step = arrow_step()) {
            const Index to_row = std::clamp<Index>(row + step.y, 0, rows - 1);
            const Index to = std::clamp<Index>(column + step.x, 0, columns - 1);
            if (to_row != row || to != column) {
                choose(to_row, to);
                keep_focus_here();
            }
        }
    }
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddImage(memory.heads.id(), low, {low.x + size.x, low.y + size.y});
    const float map = cell * across / (across + 1.0F);
    const auto frame = [&](Index layer, Index at, ImU32 colour) {
        const ImVec2 corner{low.x + static_cast<float>(at) * cell,
                            low.y + static_cast<float>(layer) * cell};
        list->AddRect({corner.x - 1.0F, corner.y - 1.0F},
                      {corner.x + map + 1.0F, corner.y + map + 1.0F}, colour, 0.0F, 0,
                      std::max(2.0F, 0.5F * theme.unit));
    };
    if (stage.layer >= 0) frame(row, column, theme.accent);
    if (ring) list->AddRect(low, {low.x + size.x, low.y + size.y}, theme.accent, theme.radius);
    if (!hovered) return;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const Index layer =
        std::clamp<Index>(static_cast<Index>((mouse.y - low.y) / cell), 0, rows - 1);
    const Index at =
        std::clamp<Index>(static_cast<Index>((mouse.x - low.x) / cell), 0, columns - 1);
    frame(layer, at, theme.text);
    begin_card(theme);
    card_heading(theme, map_title(context, layer, at == stack.heads ? -1 : at));
    end_card();
    if (pressed) choose(layer, at);
}

}  // namespace vitrine::viz

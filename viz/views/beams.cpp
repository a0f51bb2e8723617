#include "viz/views/beams.h"

#include <algorithm>
#include <cstdio>

#include "viz/views/beam_tree.h"
#include "viz/views/next_parts.h"
#include "viz/views/states.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/keys.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

struct Placing {
    ImVec2 low;
    float column = 0, row = 0, width = 0;

    /// Left middle of a node; `rank` counts from the best of its depth.
    ImVec2 at(int depth, int rank) const {
        return {low.x + static_cast<float>(depth) * column,
                low.y + (static_cast<float>(rank) + 0.5F) * row};
    }
};

/// The end of a text, as much of it as fits.
std::string last_words(const ImFont* font, std::string text, float width) {
    if (text_width(font, text) <= width) return text;
    while (!text.empty() && text_width(font, "…" + text) > width)
        text.erase(0, std::max<std::size_t>(1, next_character(text).bytes));
    return "…" + text;
}

/// The text from the start of the search to a node.
std::string text_to(const Run& run, const BeamTree& tree, int node) {
    std::string text;
    for (; node >= 0; node = tree.nodes[static_cast<std::size_t>(node)].parent) {
        const int id = tree.nodes[static_cast<std::size_t>(node)].id;
        text = run.model->tokenizer->bytes(id) + text;
    }
    return text;
}

void draw_node_card(ViewContext& context, const BeamTree& tree, int node) {
    const Theme& theme = context.theme;
    const BeamNode& it = tree.nodes[static_cast<std::size_t>(node)];
    const float column = 34.0F * theme.unit;
    card_heading(theme, token_text(*context.run, it.id));
    card_row(theme, context.say("Probability here", "여기서의 확률"), percent_text(it.probability),
             column);
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", it.score);
    card_row(theme, context.say("Score: sum of logs", "점수: 로그의 합"), text, column);
    card_row(theme, context.say("Whole way", "여기까지의 글"),
             visible_text(text_to(*context.run, tree, node)), column);
    card_note(theme,
              it.kept ? context.say("Kept: one of the best of all the ways on.",
                                    "남겼어요. 모든 길 가운데 가장 좋은 축에 들어요.")
                      : context.say("Dropped: better ways came from elsewhere.",
                                    "버렸어요. 다른 데서 더 좋은 길이 나왔어요."),
              70.0F * theme.unit);
    card_note(theme, context.say("Click to write it into the text.", "누르면 글에 이어 써요."),
              70.0F * theme.unit);
    end_card();
}

void append(ViewContext& context, const BeamTree& tree, int node) {
    context.wishes.set_text = context.run->text + text_to(*context.run, tree, node);
    context.wishes.has_set_text = true;
}

/// Arrows walk the tree: up and down among the nodes of a step, left to the parent, right to the
/// best child.
void move_by_keys(BeamsMemory& memory, const BeamTree& tree, int beams) {
    const ImGuiIO& io = ImGui::GetIO();
    if (io.MouseDelta.x != 0.0F || io.MouseDelta.y != 0.0F) memory.by_keyboard = false;
    if (!has_key_focus()) return;
    const ArrowStep step = arrow_step();
    if (!step) return;
    keep_focus_here();
    memory.by_keyboard = true;
    const int count = static_cast<int>(tree.nodes.size());
    int& at = memory.key_node;
    if (at < 0 || at >= count) {
        at = 0;
        return;
    }
    const int first = at / (2 * beams) * (2 * beams);
    if (step.y != 0) at = std::clamp(at + step.y, first, std::min(first + 2 * beams, count) - 1);
    if (step.x < 0)
        at = std::max(at, 0), at = std::max(tree.nodes[static_cast<std::size_t>(at)].parent, 0);
    if (step.x > 0) {
        for (int i = at + 1; i < count; ++i) {
            if (tree.nodes[static_cast<std::size_t>(i)].parent != at) continue;
            at = i;
            break;
        }
    }
}

void draw_tree(ViewContext& context, BeamsMemory& memory, const BeamTree& tree, ImVec2 size) {
    const Theme& theme = context.theme;
    const int rows = 2 * memory.beams;
    const int depths = tree.nodes.empty() ? 0 : tree.nodes.back().depth;
    Placing place;
    place.low = ImGui::GetCursorScreenPos();
    place.column = size.x / static_cast<float>(depths + 1);
    place.row = std::min(size.y / static_cast<float>(rows), 14.0F * theme.unit);
    place.width = std::min(0.78F * place.column, 34.0F * theme.unit);
    ImDrawList* list = ImGui::GetWindowDrawList();
    const bool pressed =
        ImGui::InvisibleButton("tree", {size.x, place.row * static_cast<float>(rows)});
    const bool hovered = ImGui::IsItemHovered();
    const bool focused = has_key_focus();
    memory.first = place.at(1, 0);
    if (shows_key_focus())
        list->AddRect(ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), theme.accent, theme.radius);
    move_by_keys(memory, tree, memory.beams);
    ImFont* font = theme.fonts.body;
    const float height = std::min(place.row - theme.unit, 1.9F * font->FontSize);
    const auto rank = [&](int node) { return node % rows; };
    // The text itself, at the root.
    const ImVec2 root = place.at(0, 0);
    const std::string text = last_words(font, visible_text(context.run->text), place.width);
    list->AddText(font, font->FontSize, {root.x, root.y - 0.5F * font->FontSize}, theme.muted,
                  text.c_str());
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
        const BeamNode& node = tree.nodes[i];
        const ImVec2 to = place.at(node.depth, rank(static_cast<int>(i)));
        const ImVec2 from =
            node.parent < 0 ? ImVec2(root.x + text_width(font, text) + theme.unit, root.y)
                            : ImVec2(place.at(node.depth - 1, rank(node.parent)).x + place.width,
                                     place.at(node.depth - 1, rank(node.parent)).y);
        const ImU32 colour = node.best ? theme.accent : node.kept ? theme.muted : theme.border;
        const float bend = 0.5F * (to.x - from.x);
        list->AddBezierCubic(from, {from.x + bend, from.y}, {to.x - bend, to.y}, to, colour,
                             node.best ? 2.5F : 1.2F);
    }
    int seen = memory.by_keyboard ? memory.key_node : -1;
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
        const BeamNode& node = tree.nodes[i];
        const ImVec2 at = place.at(node.depth, rank(static_cast<int>(i)));
        const ImVec2 low{at.x, at.y - 0.5F * height},
            high{at.x + place.width, at.y + 0.5F * height};
        const ImU32 fill = node.best ? theme.accent : node.kept ? theme.raised : theme.surface;
        list->AddRectFilled(low, high, fill, theme.radius);
        if (!node.kept) list->AddRect(low, high, theme.border, theme.radius);
        const ImU32 colour = node.best ? theme.on_accent : node.kept ? theme.text : theme.muted;
        const std::string share = percent_text(node.probability);
        const float number = text_width(theme.fonts.small, share);
        const bool has_number = place.width > number + 14.0F * theme.unit;
        const std::string name =
            elided(font, token_text(*context.run, node.id),
                   place.width - 3.0F * theme.unit - (has_number ? number + theme.unit : 0.0F));
        list->AddText(font, font->FontSize,
                      {low.x + 1.5F * theme.unit, at.y - 0.5F * font->FontSize}, colour,
                      name.c_str());
        if (has_number)
            list->AddText(
                theme.fonts.small, theme.fonts.small->FontSize,
                {high.x - number - 1.5F * theme.unit, at.y - 0.5F * theme.fonts.small->FontSize},
                colour, share.c_str());
        const bool under = hovered && !memory.by_keyboard && ImGui::IsMouseHoveringRect(low, high);
        if (under) seen = static_cast<int>(i);
        if (under && pressed) append(context, tree, seen);
    }
    if (seen < 0 || seen >= static_cast<int>(tree.nodes.size())) return;
    if (memory.by_keyboard) {
        const ImVec2 at = place.at(tree.nodes[static_cast<std::size_t>(seen)].depth, rank(seen));
        list->AddRect({at.x, at.y - 0.5F * height}, {at.x + place.width, at.y + 0.5F * height},
                      theme.text, theme.radius, 0, 2.0F);
        begin_card_at(theme, {at.x, at.y + height});
        if (focused && key_pressed(ImGuiKey_Enter, false)) append(context, tree, seen);
    } else {
        begin_card(theme);
    }
    draw_node_card(context, tree, seen);
}

}  // namespace

void draw_beams(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context) || draw_without_language(context)) return;
    auto& memory = context.memory.of<BeamsMemory>();
    explain(theme,
            context.say("Several texts are written side by side. At each step all their ways "
                        "on compete, and the best are kept: filled boxes. The whole text with "
                        "the highest score wins.",
                        "글을 여럿 나란히 써요. 걸음마다 모든 길이 함께 겨루고 가장 좋은 것만 "
                        "남아요. 색이 찬 상자가 남은 것이에요. 글 전체의 점수가 가장 높은 것이 "
                        "이겨요."));
    const float each = std::min(46.0F * theme.unit, 0.4F * ImGui::GetContentRegionAvail().x);
    captioned_slider(theme, "##beams", context.say("Beams", "빔"), memory.beams, 1, 5, "%d", each);
    ImGui::SameLine(0.0F, 4.0F * theme.unit);
    captioned_slider(theme, "##steps", context.say("Steps", "걸음"), memory.steps, 2, 8, "%d",
                     each);
    ImGui::Dummy({0.0F, theme.unit});
    const int beams = memory.beams, steps = memory.steps;
    const auto answer = context.background.ask<BeamTree>(
        "beams", context.run->serial * 64 + static_cast<std::uint64_t>(beams * 10 + steps),
        [run = context.run, beams, steps](const std::stop_token& stop) {
            return grow_beams(*run, beams, steps, stop);
        });
    if (!answer.problem.empty()) {
        draw_state(theme, context.say("That did not work", "문제가 생겼어요"), answer.problem,
                   theme.bad);
        return;
    }
    const std::uint64_t wanted =
        context.run->serial * 64 + static_cast<std::uint64_t>(beams * 10 + steps);
    if (!answer.value || answer.id != wanted) {
        explain(theme, context.say("Searching ...", "찾고 있어요 ..."));
        return;
    }
    const BeamTree& tree = *answer.value;
    if (tree.nodes.empty()) {
        explain(theme, context.say("The text fills all positions of the model.",
                                   "글이 모델의 위치를 다 채웠어요."));
        return;
    }
    ImVec2 room = ImGui::GetContentRegionAvail();
    draw_tree(context, memory, tree, {room.x, room.y - 12.0F * theme.unit});
    ImGui::Dummy({0.0F, theme.unit});
    std::string best;
    for (const int id : tree.best_ids) best += context.run->model->tokenizer->bytes(id);
    ImGui::TextWrapped("%s%s", context.say("Best: ", "가장 좋은 글: "),
                       visible_text(context.run->text + best).c_str());
}

}  // namespace vitrine::viz

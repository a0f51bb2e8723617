#include "viz/views/steps.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/views/stack_choice.h"
#include "viz/views/states.h"
#include "viz/views/steps_parts.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/keys.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

/// The matrices of a head, from left to right.
struct Matrix {
    const char *name, *english, *korean;
    int first_step, last_step;  // that look at it
};
constexpr std::array<Matrix, 6> matrices{{
    {"Q", "queries: what each token looks for", "쿼리: 토큰마다 찾는 것", 0, 0},
    {"K", "keys: what each token is found by", "키: 토큰마다 달린 이름표", 0, 0},
    {"S", "scores, scaled, before the mask", "점수: 나눈 뒤, 가리기 전", 1, 2},
    {"A", "the pattern: shares that add up to 1", "패턴: 더하면 1이 되는 몫", 3, 4},
    {"V", "values: what each token hands over", "값: 토큰마다 건네는 것", 4, 5},
    {"Z", "the mix that goes on", "섞어서 내보내는 것", 4, 4},
}};

const Activation* matrix_of(const HeadNumbers& n, std::size_t i) {
    const Activation* all[] = {n.q, n.k, n.scores, n.pattern, n.v, n.z};
    return all[i];
}

/// [T, columns] of one head as colours.
Image paint(const HeadNumbers& n, std::size_t i, const Theme& theme) {
    const Activation& of = *matrix_of(n, i);
    const Index head = i == 1 || i == 4 ? n.kv_head : n.head, columns = of.shape[2];
    const Real* values = of.values.data() + head * of.shape[1] * columns;
    const bool square = i == 2 || i == 3;
    float largest = 1e-6F;
    for (Index t = 0; t < of.shape[1]; ++t) {
        for (Index c = 0; c < columns; ++c) {
            if (square && n.hidden(t, c)) continue;
            largest = std::max(largest, std::abs(static_cast<float>(values[t * columns + c])));
        }
    }
    Image image(static_cast<int>(columns), static_cast<int>(of.shape[1]));
    for (Index t = 0; t < of.shape[1]; ++t) {
        for (Index c = 0; c < columns; ++c) {
            const bool hidden = square && n.hidden(t, c);
            const float value = static_cast<float>(values[t * columns + c]) / largest;
            image.at(static_cast<int>(c), static_cast<int>(t)) =
                hidden   ? theme.background
                : i == 3 ? theme.heat(std::sqrt(std::max(0.0F, value)))
                         : theme.diverging(value);
        }
    }
    return image;
}

/// Makes what belongs to the run and the choice; false if the run did not keep it.
bool refresh(ViewContext& context, StepsMemory& memory) {
    const Run& run = *context.run;
    Stage& stage = context.stage;
    const AttentionStack* stack = chosen_stack(run, stage);
    if (stack == nullptr) return false;
    const Index last = run.positions(stack->queries) - 1;
    const Index layer = std::clamp<Index>(stage.layer, 0, stack->layers() - 1);
    const Index head = std::clamp<Index>(stage.head, 0, stack->heads - 1);
    const Index wished = stage.pinned_query >= 0 ? stage.pinned_query : stage.position;
    const Index query = wished < 0 ? last : std::min(wished, last);
    const bool other_run = take_shown(context, memory.shown);
    const bool other_head = other_run || memory.stack != stack || memory.layer != layer ||
                            memory.head != head || memory.dark != context.theme.dark;
    if (other_head) {
        memory.stack = stack;
        memory.layer = layer;
        memory.head = head;
        memory.dark = context.theme.dark;
        memory.numbers = head_numbers(run, *stack, layer, head);
        if (memory.numbers.complete()) {
            for (std::size_t i = 0; i < 6; ++i) {
                memory.pictures[i].set(context.memory.device(),
                                       paint(memory.numbers, i, context.theme));
            }
        }
    }
    if (!memory.numbers.complete()) return false;
    const auto [first, end] = memory.numbers.seen(query);
    Index key = std::clamp(stage.pinned_key, first, end - 1);
    if (stage.pinned_key < 0) {  // none is pinned: the one it looks at most
        const auto row = memory.numbers.pattern_row(query);
        key = std::max_element(row.begin() + first, row.begin() + end) - row.begin();
    }
    if (other_head || memory.query != query || memory.key != key) {
        memory.query = query;
        memory.key = key;
    }
    return true;
}

/// A list of the tokens to choose from. Returns the chosen one.
Index draw_token_choice(ViewContext& context, const std::vector<std::string>& labels,
                        const char* id, const char* caption, Index chosen, Index count,
                        float width) {
    const Theme& theme = context.theme;
    ImGui::BeginGroup();
    caption_line(theme, caption, "", width);
    ImGui::SetNextItemWidth(width);
    const auto label = [&](Index t) {
        return std::to_string(t) + "  " + labels[static_cast<std::size_t>(t)];
    };
    if (ImGui::BeginCombo(id, label(chosen).c_str())) {
        for (Index t = 0; t < count; ++t) {
            if (ImGui::Selectable(label(t).c_str(), t == chosen)) chosen = t;
            if (t == chosen) ImGui::SetItemDefaultFocus();
        }
        ImGui::EndCombo();
    }
    ImGui::EndGroup();
    return chosen;
}

void draw_choices(ViewContext& context, StepsMemory& memory, float width) {
    const Theme& theme = context.theme;
    Stage& stage = context.stage;
    const AttentionStack& stack = *memory.stack;
    const float gap = 3.0F * theme.unit;
    const float each = std::floor(std::min((width - 3.0F * gap) / 4.0F, 46.0F * theme.unit));
    int layer = static_cast<int>(memory.layer), head = static_cast<int>(memory.head);
    ImGui::BeginGroup();
    if (captioned_slider(theme, "##layer", context.say("Layer", "층"), layer, 0,
                         static_cast<int>(stack.layers()) - 1, "%d", each))
        stage.layer = layer;
    ImGui::EndGroup();
    ImGui::SameLine(0.0F, gap);
    ImGui::BeginGroup();
    if (captioned_slider(theme, "##head", context.say("Head", "헤드"), head, 0,
                         static_cast<int>(stack.heads) - 1, "%d", each))
        stage.head = head;
    ImGui::EndGroup();
    ImGui::SameLine(0.0F, gap);
    const Index query = draw_token_choice(context, memory.shown->of(stack.queries), "##query",
                                          context.say("Query: who looks", "쿼리: 보는 쪽"),
                                          memory.query, memory.numbers.T, each);
    ImGui::SameLine(0.0F, gap);
    const Index key = draw_token_choice(context, memory.shown->of(stack.keys), "##key",
                                        context.say("Key: what it looks at", "키: 보이는 쪽"),
                                        memory.key, memory.numbers.seen(memory.query).second, each);
    if (query != memory.query) {
        stage.pinned_query = query;
        stage.pinned_key = memory.key;
    } else if (key != memory.key) {
        stage.pinned_query = query;
        stage.pinned_key = key;
    }
}

/// The six matrices of the head; the rows at work are lit.
void draw_matrices(ViewContext& context, StepsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float gap = 4.0F * theme.unit;
    const float width = (size.x - 5.0F * gap) / 6.0F;
    const float head = theme.fonts.bold->FontSize + theme.unit;
    const float height = size.y - head;
    const bool pressed = ImGui::InvisibleButton("matrices", size);
    memory.focused = has_key_focus();
    if (shows_key_focus())
        list->AddRect(ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), theme.accent, theme.radius);
    for (std::size_t i = 0; i < 6; ++i) {
        const Matrix& matrix = matrices[i];
        const bool active = memory.step >= matrix.first_step && memory.step <= matrix.last_step;
        const float x = at.x + static_cast<float>(i) * (width + gap);
        const ImVec2 low{x, at.y + head}, high{x + width, at.y + head + height};
        list->AddText(theme.fonts.bold, theme.fonts.bold->FontSize, {x, at.y},
                      active ? theme.accent : theme.muted, matrix.name);
        const Activation& of = *matrix_of(memory.numbers, i);
        const Index rows = of.shape[1];
        const float row = height / static_cast<float>(rows);
        const std::string shape =
            "[" + std::to_string(rows) + ", " + std::to_string(of.shape[2]) + "]";
        const float shape_width = text_width(theme.fonts.small, shape);
        if (shape_width + 6.0F * theme.unit < width)
            list->AddText(theme.fonts.small, theme.fonts.small->FontSize,
                          {high.x - shape_width, at.y + theme.unit * 0.5F}, theme.muted,
                          shape.c_str());
        list->AddImage(memory.pictures[i].id(), low, high);
        list->AddRect(low, high, active ? theme.accent : theme.border, 0.0F, 0,
                      active ? 2.0F : 1.0F);
        // Rows: queries, scores, shares and the mix belong to the query; keys and values to the
        // key.
        const bool of_key = i == 1 || i == 4;
        const auto lit = static_cast<float>(of_key ? memory.key : memory.query);
        list->AddRect({low.x, low.y + lit * row}, {high.x, low.y + (lit + 1) * row}, theme.accent,
                      0.0F, 0, 1.5F);
        if (i == 2 || i == 3) {
            const float cell = width / static_cast<float>(memory.numbers.S);
            const auto key = static_cast<float>(memory.key);
            list->AddRect({low.x + key * cell, low.y + lit * row},
                          {low.x + (key + 1) * cell, low.y + (lit + 1) * row}, theme.text, 0.0F, 0,
                          1.5F);
        }
        if (!ImGui::IsMouseHoveringRect(low, high) || !ImGui::IsWindowHovered()) continue;
        const ImVec2 mouse = ImGui::GetIO().MousePos;
        const Index t = std::clamp<Index>(static_cast<Index>((mouse.y - low.y) / row), 0, rows - 1);
        if ((of_key ? memory.stack->keys : memory.stack->queries) == Axis::text)
            context.stage.hovered_position = t;
        begin_card(theme);
        card_heading(theme,
                     std::string(matrix.name) + "  " + context.say(matrix.english, matrix.korean));
        card_note(
            theme,
            std::to_string(t) + "  " + (of_key ? memory.key_label(t) : memory.query_label(t)) +
                "\n" +
                (of_key ? context.say("Click to make it the key.", "누르면 키로 골라요.")
                        : context.say("Click to make it the query.", "누르면 쿼리로 골라요.")),
            60.0F * theme.unit);
        end_card();
        if (!pressed) continue;
        context.stage.pinned_query = of_key ? memory.query : t;
        context.stage.pinned_key = of_key ? t : memory.key;
    }
}

void draw_step_buttons(ViewContext& context, StepsMemory& memory) {
    const char* names[] = {
        context.say("1 Product", "1 곱하기"), context.say("2 Scale", "2 나누기"),
        context.say("3 Mask", "3 가리기"),    context.say("4 Softmax", "4 소프트맥스"),
        context.say("5 Mix", "5 섞기"),       context.say("6 Origin", "6 어디서 왔나")};
    static constexpr const char* numbers[] = {"1", "2", "3", "4", "5", "6"};
    float wide = 0.0F;
    for (const char* name : names) wide += button_width(name) + context.theme.unit;
    if (wide <= ImGui::GetContentRegionAvail().x) {
        segmented(context.theme, "step", names, memory.step);
    } else {  // the name of the chosen one has to do
        segmented(context.theme, "step", numbers, memory.step);
        same_line_if_fits(context.theme, button_width(names[memory.step]));
        ImGui::AlignTextToFramePadding();
        ImGui::TextUnformatted(names[memory.step] + 2);
    }
    // Arrow keys step forwards and back, unless another item has them.
    const bool free = !ImGui::IsAnyItemFocused() && !ImGui::IsAnyItemActive();
    if (!free && !memory.focused) return;
    if (const int x = arrow_step().x; x != 0) {
        memory.step = std::clamp(memory.step + x, 0, step_count - 1);
        keep_focus_here();
    }
}

}  // namespace

void draw_attention_steps(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context) || draw_without_attention(context)) return;
    auto& memory = context.memory.of<StepsMemory>();
    const bool breaks = context.run->model && context.run->model->language() != nullptr;
    explain(theme,
            breaks
                ? context.say("One cell of one head, from the two vectors to what it adds. Go on "
                              "with the arrow keys; below, break it and see what the model says.",
                              "한 헤드의 칸 하나가 어떻게 나오는지 두 벡터에서 결과까지 따라가요. "
                              "화살표 키로 넘기고, 아래에서는 일부러 망가뜨려 보세요.")
                : context.say("One cell of one head, from the two vectors to what it adds. Go on "
                              "with the arrow keys.",
                              "한 헤드의 칸 하나가 어떻게 나오는지 두 벡터에서 결과까지 따라가요. "
                              "화살표 키로 넘겨요."));
    const AttentionStack* chosen = chosen_stack(*context.run, context.stage);
    if (draw_stack_choice(context, stacks_of(*context.run), chosen))
        ImGui::Dummy({0.0F, theme.unit});
    if (!refresh(context, memory)) {
        if (chosen != nullptr && chosen->queries == Axis::picture && !context.run->picture)
            return draw_without_picture(context);
        draw_state(theme, context.say("The text is too long for this view", "글이 너무 길어요"),
                   context.say("So many maps of so many tokens are not kept, only their averages. "
                               "Shorten the text, or look at one map in the attention view.",
                               "토큰과 헤드가 아주 많으면 지도마다 남기지 않고 평균만 남겨요. 글을 "
                               "줄이거나 어텐션 화면에서 한 장씩 보세요."),
                   theme.muted);
        return;
    }
    const float width = ImGui::GetContentRegionAvail().x;
    draw_choices(context, memory, width);
    ImGui::Dummy({0.0F, theme.unit});
    draw_matrices(context, memory,
                  {width, std::clamp(width / 6.0F, 30.0F * theme.unit, 44.0F * theme.unit)});
    ImGui::Dummy({0.0F, theme.unit});
    draw_step_buttons(context, memory);
    ImGui::Dummy({0.0F, theme.unit});
    const bool narrow = width < 150.0F * theme.unit;
    const float gap = 6.0F * theme.unit;
    const float side = narrow ? width : 0.42F * width;
    const float main = narrow ? width : width - side - gap;
    const ImVec2 top = ImGui::GetCursorPos();
    ImGui::BeginGroup();
    ImGui::PushTextWrapPos(top.x + main - 1.0F);  // texts round their width up
    draw_step_detail(context, memory, main);
    ImGui::PopTextWrapPos();
    ImGui::EndGroup();
    if (!narrow) ImGui::SetCursorPos({top.x + main + gap, top.y});
    ImGui::BeginGroup();
    ImGui::PushTextWrapPos((narrow ? top.x : top.x + main + gap) + side - 1.0F);
    if (breaks) draw_breaking(context, memory, side);
    ImGui::PopTextWrapPos();
    ImGui::EndGroup();
}

}  // namespace vitrine::viz

// Rotary positions: whose frequencies these are, the score over the distance, and where all of it
// stands. The arrows are in positions_circles.cpp.
#include <algorithm>

#include "viz/views/positions_parts.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/formatted.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

/// A swatch and a word for each arrow, one line.
void draw_arrow_legend(ViewContext& context, const PositionsMemory& memory, float width) {
    const Theme& theme = context.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImFont* font = theme.fonts.small;
    ImVec2 at = ImGui::GetCursorScreenPos();
    const float end = at.x + width;
    const Index query = memory.position + memory.rotary.distance;
    const auto entry = [&](ImU32 colour, const std::string& name) {
        const float middle = at.y + 0.5F * font->FontSize;
        list->AddLine({at.x, middle}, {at.x + 3.5F * theme.unit, middle}, colour,
                      0.5F * theme.unit);
        const std::string shown =
            elided(font, name, std::max(0.0F, end - at.x - 5.0F * theme.unit));
        list->AddText(font, font->FontSize, {at.x + 5.0F * theme.unit, at.y}, theme.text,
                      shown.c_str());
        at.x += 9.0F * theme.unit + text_width(font, shown);
    };
    entry(theme.diverging(-0.8F),
          context.say("key at ", "키, 위치 ") + std::to_string(memory.position));
    entry(theme.accent, context.say("query at ", "쿼리, 위치 ") + std::to_string(query));
    ImGui::Dummy({width, font->FontSize});
}

std::string source_of(const ViewContext& context, const PositionsMemory& memory) {
    const auto pairs = static_cast<Index>(memory.rotary.rotary.frequencies.size());
    const std::string D = std::to_string(2 * pairs);
    const bool korean = context.language == Language::korean;
    if (memory.rotary.of_model) {
        return korean ? memory.model->name + "의 실제 회전 속도예요. 헤드의 수 " + D + "개가 " +
                            std::to_string(pairs) + "짝이에요."
                      : "The speeds of " + memory.model->name + " itself: the " + D +
                            " numbers of a head are " + std::to_string(pairs) + " pairs.";
    }
    return korean ? "무대 위의 모델은 돌리지 않아요. 이것은 Llama 크기의 헤드예요. 수 " + D +
                        "개, 밑은 1만이에요."
                  : "The model on the stage does not turn. These are the speeds of a head of "
                    "Llama's kind: " +
                        D + " numbers, base 10,000.";
}

/// The score over the distance, with the key at position 0 and at the chosen one.
void draw_scores(ViewContext& context, PositionsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    RotaryMemory& own = memory.rotary;
    const bool korean = context.language == Language::korean;
    const std::string here = std::to_string(memory.position);
    const float top = ImGui::GetCursorPosY();
    const Index d = own.distance;
    const std::string far = formatted("%.3f", double(own.from_here(d)));
    const std::string near = formatted("%.3f", double(own.from_first(d)));
    const char* title =
        own.query.empty() ? context.say("Product of query and key", "쿼리와 키의 곱")
                          : context.say("Product of arrows of length 1", "길이가 1인 화살표의 곱");
    draw_title(theme, title,
               korean ? "쿼리 " + std::to_string(memory.position + d) + ", 키 " + here + ": " +
                            far + ". 쿼리 " + std::to_string(d) + ", 키 0: " + near +
                            ". 함께 옮겨도 같아요. 돌리기 전의 화살표는 모두 오른쪽을 가리켜요."
                      : "Query at " + std::to_string(memory.position + d) + ", key at " + here +
                            ": " + far + ". Query at " + std::to_string(d) + ", key at 0: " + near +
                            ". Moved together, nothing changes. Before the turn all arrows point "
                            "to the right.",
               size.x);
    const std::array<Curve, 2> curves{Curve{{own.from_first.data(), own.from_first.size()},
                                            theme.accent,
                                            context.say("key at 0", "키 위치 0"),
                                            1.0F},
                                      Curve{{own.from_here.data(), own.from_here.size()},
                                            theme.text,
                                            context.say("key at ", "키 위치 ") + here,
                                            0.35F}};
    CurvesInput input;
    input.id = "scores";
    input.curves = curves;
    input.low = std::min(0.0F, *std::min_element(own.from_first.begin(), own.from_first.end()));
    input.high = static_cast<float>(own.rotary.frequencies.size());
    input.x_title = context.say("distance from key to query", "키에서 쿼리까지의 거리");
    input.chosen = d;
    input.size = {size.x, size.y - (ImGui::GetCursorPosY() - top)};
    const CurvesAnswer answer = draw_curves(theme, input, own.scores);
    if (answer.clicked >= 0) own.distance = answer.clicked;
    if (answer.seen < 0) return;
    begin_curve_card(theme, answer);
    const float column = 30.0F * theme.unit;
    card_row(theme, context.say("Distance", "거리"), std::to_string(answer.seen), column);
    card_row(theme, context.say("Key at 0", "키 위치 0"),
             formatted("%.3f", double(own.from_first(answer.seen))), column);
    card_row(theme, (context.say("Key at ", "키 위치 ") + here).c_str(),
             formatted("%.3f", double(own.from_here(answer.seen))), column);
    end_card();
}

}  // namespace

void draw_rotary(ViewContext& context, PositionsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    const TwoParts parts = place_parts(theme, size, 0.48F, 66.0F);
    ImGui::BeginGroup();
    const float top = ImGui::GetCursorPosY();
    draw_title(theme, context.say("Pairs as arrows", "짝을 화살표로"), source_of(context, memory),
               parts.first.x);
    if (!memory.rotary.of_model &&
        action_button(theme, context.say("Take a small Llama", "작은 Llama로 바꾸기"))) {
        context.wishes.choose_model = "stories260k";
    }
    draw_arrow_choice(context, memory, parts.first.x);
    draw_arrow_legend(context, memory, parts.first.x);
    const float used = ImGui::GetCursorPosY() - top;
    draw_rotary_circles(context, memory, {parts.first.x, parts.first.y - used});
    ImGui::EndGroup();
    go_to_second(theme, parts);
    ImGui::BeginGroup();
    draw_scores(context, memory,
                {parts.second.x, std::min(parts.second.y, 1.25F * parts.second.x)});
    ImGui::EndGroup();
}

}  // namespace vitrine::viz

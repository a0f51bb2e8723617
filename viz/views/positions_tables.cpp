// The two ways that have a table: sines and cosines, and learned rows.
#include <algorithm>

#include "viz/views/positions_parts.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/formatted.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

std::span<const Real> numbers_of(const Tensor1& values) {
    return {values.data(), values.size()};
}

/// The map of a table, with the names of its rows; answers hovering itself.
VectorMapAnswer draw_table(ViewContext& context, PositionsMemory& memory, VectorMapInput& input,
                           VectorMapState& state) {
    const Theme& theme = context.theme;
    draw_diverging_legend(theme, input.limit, std::min(60.0F * theme.unit, input.size.x));
    input.labels = memory.rows;
    input.column_title = context.say("dimension", "차원");
    input.chosen_row = memory.position;
    input.label_room = std::min(20.0F * theme.unit, 0.3F * input.size.x);
    input.tallest_row = 5.0F * theme.unit;
    input.size.y -= theme.fonts.small->FontSize + ImGui::GetStyle().ItemSpacing.y;
    const VectorMapAnswer answer = draw_vector_map(theme, context.memory.device(), input, state);
    if (answer.chosen_row >= 0) choose_position(context, memory, answer.chosen_row);
    if (answer.row < 0) return answer;
    if (answer.row < context.run->positions()) context.stage.hovered_position = answer.row;
    if (answer.by_keyboard) {
        begin_card_at(theme, {answer.high.x + theme.unit, answer.high.y + theme.unit});
    } else {
        begin_card(theme);
    }
    const float column = 24.0F * theme.unit;
    card_row(theme, context.say("Position", "위치"), position_name(memory, answer.row), column);
    if (answer.column >= 0) {
        card_row(theme, context.say("Dimension", "차원"), std::to_string(answer.column), column);
        card_row(theme, context.say("Value", "값"),
                 formatted("%.4f", double((*input.values)(answer.row, answer.column))), column);
    }
    end_card();
    return answer;
}

/// The sine and the cosine of the chosen pair, over the positions.
void draw_waves(ViewContext& context, PositionsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    SinusoidalMemory& own = memory.sinusoidal;
    const Index even = 2 * own.pair;
    const std::string names = std::to_string(even) + ", " + std::to_string(even + 1);
    const bool korean = context.language == Language::korean;
    const std::string turn = formatted("%.1f", sinusoidal_wavelength(own.pair, sinusoidal_width));
    const float top = ImGui::GetCursorPosY();
    draw_title(theme, (korean ? "차원 " : "Dimensions ") + names,
               korean ? "위치 " + turn + "개마다 한 바퀴 돌아요."
                      : "One full turn every " + turn + " positions.",
               size.x);
    const std::array<Curve, 2> curves{
        Curve{numbers_of(own.sines), theme.accent, context.say("sine", "사인"), 0.5F},
        Curve{numbers_of(own.cosines), theme.diverging(-0.8F), context.say("cosine", "코사인"),
              0.5F}};
    CurvesInput input;
    input.id = "waves";
    input.curves = curves;
    input.low = -1.0F;
    input.x_title = context.say("position", "위치");
    input.chosen = memory.position;
    input.size = {size.x, size.y - (ImGui::GetCursorPosY() - top)};
    const CurvesAnswer answer = draw_curves(theme, input, own.waves);
    if (answer.clicked >= 0) choose_position(context, memory, answer.clicked);
    if (answer.seen < 0) return;
    begin_curve_card(theme, answer);
    const float column = 24.0F * theme.unit;
    card_row(theme, context.say("Position", "위치"), position_name(memory, answer.seen), column);
    card_row(theme, context.say("Sine", "사인"), formatted("%.4f", double(own.sines(answer.seen))),
             column);
    card_row(theme, context.say("Cosine", "코사인"),
             formatted("%.4f", double(own.cosines(answer.seen))), column);
    end_card();
}

/// The products of rows by their distance: from row 0 and from the chosen one, the same curve.
void draw_products(ViewContext& context, PositionsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    SinusoidalMemory& own = memory.sinusoidal;
    const std::string here = std::to_string(memory.position);
    const bool korean = context.language == Language::korean;
    const float top = ImGui::GetCursorPosY();
    draw_title(theme,
               context.say("Product of two rows by their distance", "거리에 따른 두 줄의 곱"),
               korean ? "0에서 재도 " + here + "에서 재도 곡선이 같아요. 거리만 중요해요."
                      : "From row 0 or from row " + here +
                            ", the curve is the same: only the distance counts.",
               size.x);
    const std::array<Curve, 2> curves{
        Curve{numbers_of(own.from_first), theme.accent, context.say("from row 0", "0번 줄에서"),
              1.0F},
        Curve{numbers_of(own.from_here), theme.text,
              korean ? here + "번 줄에서" : "from row " + here, 0.35F}};
    CurvesInput input;
    input.id = "products";
    input.curves = curves;
    input.low = std::min(0.0F, *std::min_element(own.from_first.begin(), own.from_first.end()));
    input.high = float(sinusoidal_width) / 2.0F;
    input.x_title = context.say("distance", "거리");
    input.size = {size.x, size.y - (ImGui::GetCursorPosY() - top)};
    const CurvesAnswer answer = draw_curves(theme, input, own.products);
    if (answer.seen < 0) return;
    begin_curve_card(theme, answer);
    const float column = 30.0F * theme.unit;
    card_row(theme, context.say("Distance", "거리"), std::to_string(answer.seen), column);
    card_row(theme, context.say("From row 0", "0번 줄에서"),
             formatted("%.3f", double(own.from_first(answer.seen))), column);
    if (answer.seen < static_cast<Index>(own.from_here.size())) {
        card_row(theme, korean ? (here + "번 줄에서").c_str() : ("From row " + here).c_str(),
                 formatted("%.3f", double(own.from_here(answer.seen))), column);
    }
    end_card();
}

/// The cosines of the chosen row with all rows.
void draw_cosines(ViewContext& context, PositionsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    LearnedMemory& own = memory.learned;
    const std::string here = std::to_string(memory.position);
    const bool korean = context.language == Language::korean;
    const float top = ImGui::GetCursorPosY();
    draw_title(theme,
               korean ? "위치 " + here + "번과 다른 위치의 코사인"
                      : "Cosine of position " + here + " with the others",
               context.say("1 is the same direction. Near positions are alike, though no one "
                           "said which ones are near.",
                           "1이면 같은 방향이에요. 어느 위치가 가까운지 아무도 알려 주지 않았는데 "
                           "가까운 위치끼리 비슷해졌어요."),
               size.x);
    const std::array<Curve, 1> curves{Curve{numbers_of(own.cosines), theme.accent, "", 0.5F}};
    CurvesInput input;
    input.id = "cosines";
    input.curves = curves;
    input.low = std::min(0.0F, *std::min_element(own.cosines.begin(), own.cosines.end()));
    input.y_title = context.say("cosine", "코사인");
    input.x_title = context.say("position", "위치");
    input.chosen = memory.position;
    input.size = {size.x, std::min(size.y - (ImGui::GetCursorPosY() - top), 1.25F * size.x)};
    const CurvesAnswer answer = draw_curves(theme, input, own.curve);
    if (answer.clicked >= 0) choose_position(context, memory, answer.clicked);
    if (answer.seen < 0) return;
    begin_curve_card(theme, answer);
    const float column = 24.0F * theme.unit;
    card_row(theme, context.say("Position", "위치"), position_name(memory, answer.seen), column);
    card_row(theme, context.say("Cosine", "코사인"),
             formatted("%.3f", double(own.cosines(answer.seen))), column);
    end_card();
}

void draw_no_rows(ViewContext& context, PositionsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    draw_state(theme, context.say("This model has no learned positions", "학습한 위치가 없어요"),
               context.say("It turns its queries and keys instead.",
                           "이 모델은 그 대신 쿼리와 키를 돌려요."),
               theme.muted);
    const char* turn = context.say("Show how it turns", "어떻게 도는지 보기");
    const char* other = context.say("Take vitrine-small, which has them", "있는 모델로 바꾸기");
    const float gap = 2.0F * theme.unit;
    const float width = button_width(turn) + gap + button_width(other);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0F, 0.5F * (size.x - width)));
    if (action_button(theme, turn, true)) memory.way = static_cast<int>(PositionWay::rotary);
    same_line_if_fits(theme, button_width(other));
    if (action_button(theme, other)) context.wishes.choose_model = "vitrine-small";
}

}  // namespace

void draw_sinusoidal(ViewContext& context, PositionsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    SinusoidalMemory& own = memory.sinusoidal;
    const TwoParts parts = place_parts(theme, size, 0.44F, 104.0F);
    VectorMapInput input;
    input.id = "sinusoids";
    input.values = own.table;
    input.chosen_column = 2 * own.pair;
    input.chosen_columns = 2;
    input.size = parts.first;
    ImGui::BeginGroup();
    const VectorMapAnswer answer = draw_table(context, memory, input, own.map);
    if (answer.chosen_column >= 0) own.pair = answer.chosen_column / 2;
    if (answer.chosen_row >= 0) refresh(context, memory);
    ImGui::EndGroup();
    go_to_second(theme, parts);
    ImGui::BeginGroup();
    const ImVec2 half{parts.second.x, 0.5F * (parts.second.y - 2.0F * theme.unit)};
    const float top = ImGui::GetCursorPosY();
    draw_waves(context, memory, half);
    ImGui::SetCursorPosY(top + half.y + 2.0F * theme.unit);
    draw_products(context, memory, half);
    ImGui::EndGroup();
}

void draw_learned(ViewContext& context, PositionsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    LearnedMemory& own = memory.learned;
    if (!own.exists) return draw_no_rows(context, memory, size);
    if (!own.table) {
        return draw_state(theme, context.say("Reading the rows ...", "줄을 읽고 있어요 ..."), "",
                          theme.muted);
    }
    const TwoParts parts = place_parts(theme, size, 0.44F, 60.0F);
    VectorMapInput input;
    input.id = "learned";
    input.values = own.table;
    input.limit = own.limit;
    input.size = parts.first;
    ImGui::BeginGroup();
    const VectorMapAnswer answer = draw_table(context, memory, input, own.map);
    if (answer.chosen_row >= 0) refresh(context, memory);
    ImGui::EndGroup();
    go_to_second(theme, parts);
    ImGui::BeginGroup();
    draw_cosines(context, memory, parts.second);
    ImGui::EndGroup();
}

}  // namespace vitrine::viz

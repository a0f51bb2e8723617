#include "viz/views/embeddings.h"

#include <algorithm>

#include "viz/views/embeddings_parts.h"
#include "viz/views/states.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/formatted.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

void small_text(const Theme& theme, const std::string& text, ImU32 colour) {
    ImGui::PushFont(theme.fonts.small);
    ImGui::PushStyleColor(ImGuiCol_Text, colour);
    ImGui::TextUnformatted(text.c_str());
    ImGui::PopStyleColor();
    ImGui::PopFont();
}

void draw_cell_card(ViewContext& context, const EmbeddingsMemory& memory,
                    const VectorMapAnswer& seen) {
    const Theme& theme = context.theme;
    if (seen.by_keyboard) {
        begin_card_at(theme, {seen.high.x + theme.unit, seen.high.y + theme.unit});
    } else {
        begin_card(theme);
    }
    const float column = 24.0F * theme.unit;
    card_row(
        theme, context.say("Position", "위치"),
        std::to_string(seen.row) + "  " + memory.shown->labels[static_cast<std::size_t>(seen.row)],
        column);
    card_row(theme, context.say("Token", "토큰 번호"),
             std::to_string(memory.shown->run->encoding.ids[static_cast<std::size_t>(seen.row)]),
             column);
    if (seen.column >= 0) {
        card_row(theme, context.say("Dimension", "차원"), std::to_string(seen.column), column);
        card_row(theme, context.say("Value", "값"),
                 formatted("%.4f", double((*memory.rows)(seen.row, seen.column))), column);
    }
    end_card();
}

/// The rows of the text's tokens.
void draw_rows(ViewContext& context, EmbeddingsMemory& memory, float width, float height) {
    const Theme& theme = context.theme;
    const Matrix& wte = *token_table_of(*memory.shown->run);
    const float legend = std::min(56.0F * theme.unit, 0.4F * width);
    const float left = ImGui::GetCursorPosX(), top = ImGui::GetCursorPosY();
    const std::string title = context.say("Your tokens' rows, ", "내 토큰의 줄, ") +
                              count_text(wte.rows) + " × " + count_text(wte.columns);
    small_text(theme, elided(theme.fonts.small, title, width - legend - 2.0F * theme.unit),
               theme.muted);
    ImGui::SetCursorPos({left + width - legend, top});
    draw_diverging_legend(theme, memory.limit, legend);
    VectorMapInput input;
    input.id = "rows";
    input.values = memory.rows;
    input.limit = memory.limit;
    input.labels = memory.shown->labels;
    input.column_title = context.say("dimension", "차원");
    input.chosen_row = memory.position;
    input.label_room = std::min(26.0F * theme.unit, 0.25F * width);
    input.tallest_row = 7.0F * theme.unit;
    input.size = {width, height - theme.fonts.small->FontSize};
    const VectorMapAnswer answer =
        draw_vector_map(theme, context.memory.device(), input, memory.map);
    if (answer.chosen_row >= 0) {
        context.stage.position = answer.chosen_row;
        memory.position = -1;  // also when the row was chosen before: a visit ends
        refresh(context, memory);
    }
    if (answer.row < 0) return;
    context.stage.hovered_position = answer.row;
    draw_cell_card(context, memory, answer);
}

void visit(EmbeddingsMemory& memory, int token) {
    memory.visiting =
        token != memory.shown->run->encoding.ids[static_cast<std::size_t>(memory.position)];
    memory.token = token;
}

void draw_neighbours(ViewContext& context, EmbeddingsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    const std::string name = token_name(memory, memory.neighbours_of);
    ImGui::PushFont(theme.fonts.bold);
    const std::string title = context.language == Language::korean
                                  ? "‘" + name + "’에 가장 가까운 토큰"
                                  : "Nearest to “" + name + "”";
    ImGui::TextUnformatted(elided(theme.fonts.bold, title, size.x).c_str());
    ImGui::PopFont();
    std::vector<Bar> bars;
    for (const Neighbour& near : memory.neighbours) {
        Bar bar;
        bar.label = token_name(memory, near.id);
        bar.value = near.cosine;
        bar.number = formatted("%.2f", near.cosine);
        bar.second = std::to_string(near.id);
        const auto& ids = memory.shown->run->encoding.ids;
        bar.strong = std::find(ids.begin(), ids.end(), near.id) != ids.end();
        bars.push_back(bar);
    }
    const float used = theme.fonts.bold->FontSize + 3.0F * theme.fonts.small->FontSize +
                       (memory.visiting ? ImGui::GetFrameHeight() : 0.0F) + 4.0F * theme.unit;
    BarsInput input;
    input.id = "neighbours";
    input.bars = bars;
    input.width = size.x;
    input.row =
        std::clamp((size.y - used) / static_cast<float>(std::max<std::size_t>(1, bars.size())),
                   3.6F * theme.unit, 9.0F * theme.unit);
    input.label_title = context.say("token", "토큰");
    input.number_title = context.say("cosine", "코사인");
    input.second_title = context.say("number", "번호");
    const BarsAnswer answer = draw_bars(theme, input, memory.bars);
    small_text(theme,
               context.say("Full bar: cosine 1, the same direction. Click one to go there.",
                           "막대가 꽉 차면 코사인 1, 같은 방향이에요. 누르면 그 토큰으로 가요."),
               theme.muted);
    if (memory.visiting) {
        const std::string& own = memory.shown->labels[static_cast<std::size_t>(memory.position)];
        const std::string back =
            context.language == Language::korean ? "‹ " + own + " 다시 보기" : "‹ Back to " + own;
        if (action_button(theme, (back + "##back").c_str())) memory.position = -1;
    }
    memory.pointed =
        answer.seen < 0 ? -1 : memory.neighbours[static_cast<std::size_t>(answer.seen)].id;
    if (answer.clicked >= 0) {
        visit(memory, memory.neighbours[static_cast<std::size_t>(answer.clicked)].id);
    } else if (answer.seen >= 0) {
        const ImVec2 anchor{answer.low.x, answer.high.y + theme.unit};
        draw_token_card(context, memory,
                        memory.neighbours[static_cast<std::size_t>(answer.seen)].id,
                        answer.by_keyboard ? &anchor : nullptr);
    }
}

/// What the points of the shadow are, and that it is one.
void draw_shadow_caption(ViewContext& context, const EmbeddingsMemory& memory) {
    const Theme& theme = context.theme;
    ImGui::PushFont(theme.fonts.bold);
    ImGui::TextUnformatted(context.say("The table's shadow on a plane", "평면에 비친 표의 그림자"));
    ImGui::PopFont();
    const auto C = std::to_string(memory.table->vectors.shape()[1]);
    const double both = 100.0 * (memory.table->axes.share[0] + memory.table->axes.share[1]);
    const std::string held = formatted("%.0f %%", both);
    small_text(theme,
               context.language == Language::korean
                   ? C + "차원을 두 축에 눌러 담아서 차이의 " + held +
                         "만 남았어요. 여기서 가까워도 실제로는 멀 수 있어요. 파랑: 내 글의 "
                         "토큰. 이름이 있는 다른 점: 이웃. 옅은 점: 나머지."
                   : C + " dimensions pressed onto 2: " + held +
                         " of the differences are left, so what touches here may be far apart. "
                         "Blue: your tokens. Other names: the neighbours. Faint: the rest.",
               theme.muted);
}

}  // namespace

void draw_token_card(ViewContext& context, const EmbeddingsMemory& memory, int id,
                     const ImVec2* anchor) {
    const Theme& theme = context.theme;
    if (anchor != nullptr) {
        begin_card_at(theme, *anchor);
    } else {
        begin_card(theme);
    }
    const float column = 30.0F * theme.unit;
    card_heading(theme, token_name(memory, id));
    card_row(theme, context.say("Number", "번호"), std::to_string(id), column);
    card_row(theme, context.say("Length", "길이"),
             formatted("%.2f", double(memory.table->lengths(id))), column);
    if (id != memory.token) {
        card_row(theme, context.say("Cosine", "코사인"),
                 formatted("%.2f", cosine_of(*memory.table, memory.token, id)) +
                     context.say(" with ", ", 기준: ") + token_name(memory, memory.token),
                 column);
    }
    card_row(theme, context.say("On the axes", "두 축의 값"),
             formatted("%.2f", double(memory.table->shadow(id, 0))) + ", " +
                 formatted("%.2f", double(memory.table->shadow(id, 1))),
             column);
    end_card();
}

void draw_embeddings(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context)) return;
    EmbeddingsMemory& memory = context.memory.of<EmbeddingsMemory>();
    explain(theme,
            context.say("The model looks each token up in a table: its row of numbers is its "
                        "embedding. Click a row and see which tokens of the whole table point "
                        "the same way.",
                        "모델은 토큰마다 표에서 한 줄을 찾아요. 그 줄의 수가 토큰의 임베딩이에요. "
                        "줄을 누르면 표 전체에서 같은 쪽을 가리키는 토큰을 볼 수 있어요."));
    if (!refresh(context, memory)) {
        draw_state(theme, context.say("No token table", "토큰 표가 없어요"),
                   context.say("This model keeps its table where the view cannot read it.",
                               "이 모델의 표는 읽을 수 없는 곳에 있어요."),
                   theme.muted);
        return;
    }
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float rows = static_cast<float>(memory.rows->shape()[0]);
    const float line = theme.fonts.small->FontSize + theme.unit;
    const bool narrow = room.x < 150.0F * theme.unit;  // then one below the other; it scrolls
    const float upper = std::min(rows * 5.0F * theme.unit + 2.5F * line,
                                 narrow ? 60.0F * theme.unit : 0.42F * room.y);
    draw_rows(context, memory, room.x, upper);
    ImGui::Dummy({0.0F, theme.unit});
    const ImVec2 rest = ImGui::GetContentRegionAvail();
    if (memory.neighbours_of < 0) {
        draw_state(theme, context.say("Reading the table", "표를 읽고 있어요"),
                   context.say("Every token is compared with every other.",
                               "토큰을 하나하나 서로 견주는 중이에요."),
                   theme.muted);
        return;
    }
    const float gap = 5.0F * theme.unit;
    const float left = narrow ? rest.x : std::min(0.4F * rest.x, 90.0F * theme.unit);
    const ImVec2 at = ImGui::GetCursorPos();
    ImGui::BeginGroup();
    ImGui::PushTextWrapPos(at.x + left);
    draw_neighbours(context, memory, {left, narrow ? 80.0F * theme.unit : rest.y});
    ImGui::PopTextWrapPos();
    ImGui::EndGroup();
    if (!narrow) ImGui::SetCursorPos({at.x + left + gap, at.y});
    ImGui::BeginGroup();
    ImGui::PushTextWrapPos(0.0F);
    draw_shadow_caption(context, memory);
    ImGui::PopTextWrapPos();
    const ImVec2 plot = ImGui::GetContentRegionAvail();
    const int clicked =
        draw_shadow(context, memory, {plot.x, narrow ? 0.85F * plot.x : plot.y - theme.unit});
    if (clicked >= 0) visit(memory, clicked);
    ImGui::EndGroup();
}

}  // namespace vitrine::viz

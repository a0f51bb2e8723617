#include "viz/views/model.h"

#include <algorithm>
#include <cstdio>

#include "viz/views/lens.h"
#include "viz/views/next_parts.h"
#include "viz/views/shown_tokens.h"
#include "viz/views/states.h"
#include "viz/widgets/keys.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

struct ModelMemory {
    std::shared_ptr<const ShownTokens> shown;
};

/// A row of the table: a stage of the model, what it does, and the view that shows its inside.
struct StageRow {
    std::string name, says, link;
    Index place = -1;  // of the lens; -1: none
};

std::vector<StageRow> rows_of(const ViewContext& context, const ModelInfo& info) {
    const std::string C = std::to_string(info.width);
    std::vector<StageRow> rows;
    rows.push_back({context.say("Tokens", "토큰"),
                    context.say("The text, cut into tokens; each is a number.",
                                "글을 토큰으로 잘라요. 토큰마다 번호가 있어요."),
                    "view:tokens"});
    rows.push_back({context.say("Embedding", "임베딩"),
                    std::string(context.say("Each token becomes a vector of ",
                                            "토큰마다 벡터가 돼요. 너비는 ")) +
                        C +
                        context.say(" numbers, its row of the table, plus its position.",
                                    "이고, 표의 행에 위치를 더한 것이에요."),
                    "view:activations?layer=0&step=resid_pre", 0});
    for (Index l = 0; l < info.layers; ++l) {
        const std::string number = std::to_string(l);
        rows.push_back(
            {std::string(context.say("Block ", "블록 ")) + number,
             context.say(
                 "Attention brings in what other tokens hold; feed-forward works on it. Both "
                 "add to the vector.",
                 "어텐션이 다른 토큰의 정보를 가져오고 피드포워드가 그것을 가공해요. 둘 다 "
                 "벡터에 더해요."),
             "view:attention?head=-1&layer=" + number, l + 1});
    }
    rows.push_back(
        {context.say("Next token", "다음 토큰"),
         context.say("The last vector is compared with every token of the table. The "
                     "softmax makes probabilities of it.",
                     "마지막 벡터를 표의 모든 토큰과 견줘요. 소프트맥스가 확률로 바꿔요."),
         "view:next"});
    return rows;
}

struct Grid {
    ImVec2 low;
    float stage = 0, column = 0, row = 0;
    Index first = 0, count = 0;  // positions shown

    ImVec2 cell(Index r, Index position) const {
        return {low.x + stage + static_cast<float>(position - first) * column,
                low.y + static_cast<float>(r) * row};
    }
};

/// The boxes of the stages, joined by a line; each opens its view.
void draw_stages(ViewContext& context, const std::vector<StageRow>& rows, const Grid& grid) {
    const Theme& theme = context.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float width = grid.stage - 4.0F * theme.unit, inset = 1.0F * theme.unit;
    const float middle = grid.low.x + 0.5F * width;
    list->AddLine({middle, grid.low.y + 0.5F * grid.row},
                  {middle, grid.low.y + (static_cast<float>(rows.size()) - 0.5F) * grid.row},
                  theme.border, 2.0F);
    for (std::size_t r = 0; r < rows.size(); ++r) {
        ImGui::SetCursorScreenPos(
            {grid.low.x, grid.low.y + static_cast<float>(r) * grid.row + inset});
        ImGui::PushID(static_cast<int>(r));
        // Of many blocks each is low: the name has the room to itself.
        const bool low = grid.row - 2.0F * inset < ImGui::GetFrameHeight();
        if (low) ImGui::PushFont(theme.fonts.small);
        if (low) ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(0, 0));
        const bool pressed = ImGui::Button(rows[r].name.c_str(), {width, grid.row - 2.0F * inset});
        if (low) ImGui::PopStyleVar();
        if (low) ImGui::PopFont();
        if (pressed) context.wishes.open_link = rows[r].link;
        ImGui::PopID();
        if (!ImGui::IsItemHovered()) continue;
        begin_card(theme);
        card_heading(theme, rows[r].name);
        card_note(theme, rows[r].says, 70.0F * theme.unit);
        card_note(theme, context.say("Click to look inside.", "누르면 안을 볼 수 있어요."),
                  70.0F * theme.unit);
        end_card();
    }
}

/// Text in the middle of a cell.
void put(ImFont* font, ImVec2 low, float width, float y, ImU32 colour, const std::string& text) {
    const std::string shown = elided(font, text, width - 4.0F);
    ImGui::GetWindowDrawList()->AddText(font, font->FontSize,
                                        {low.x + 0.5F * (width - text_width(font, shown)), y},
                                        colour, shown.c_str());
}

void draw_lens_card(ViewContext& context, const ModelMemory& memory, const LensCell& cell,
                    const std::string& place, Index position) {
    const Theme& theme = context.theme;
    begin_card(theme);
    card_heading(theme, place);
    card_note(theme,
              std::string(context.say("After ", "")) +
                  memory.shown->labels[static_cast<std::size_t>(position)] +
                  context.say(" it would go on with", " 다음으로 생각하는 토큰"),
              60.0F * theme.unit);
    for (const LensToken& token : cell) {
        card_row(theme, token_text(*memory.shown->run, token.id).c_str(),
                 percent_text(static_cast<double>(token.probability)), 30.0F * theme.unit);
    }
    end_card();
}

/// One row of the lens.
void draw_lens_row(ViewContext& context, const ModelMemory& memory, const Lens& lens,
                   const StageRow& row, Index r, const Grid& grid, Index chosen) {
    const Theme& theme = context.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float line = theme.fonts.small->FontSize;
    for (Index p = grid.first; p < grid.first + grid.count; ++p) {
        if (p < lens.first || p >= lens.first + lens.positions) continue;
        const LensCell& cell = lens.at(row.place, p);
        const ImVec2 low = grid.cell(r, p);
        const ImVec2 high{low.x + grid.column - 2.0F, low.y + grid.row - 2.0F};
        const ImU32 fill = theme.heat(0.85F * cell.front().probability);
        list->AddRectFilled(low, high, fill, 3.0F);
        const ImU32 colour = theme.text_on(fill);
        const float width = grid.column - 2.0F;
        if (grid.row > 2.2F * line) {
            put(theme.fonts.small, low, width, low.y + 0.5F * grid.row - line, colour,
                token_text(*memory.shown->run, cell.front().id));
            put(theme.fonts.small, low, width, low.y + 0.5F * grid.row, colour,
                percent_text(static_cast<double>(cell.front().probability)));
        } else {
            put(theme.fonts.small, low, width, low.y + 0.5F * (grid.row - line), colour,
                token_text(*memory.shown->run, cell.front().id));
        }
        if (p == chosen) list->AddRect(low, high, theme.accent, 3.0F, 0, 1.5F);
        if (ImGui::IsMouseHoveringRect(low, high) && ImGui::IsWindowHovered())
            draw_lens_card(context, memory, cell, row.name, p);
    }
}

/// The tokens of the text above their columns, and below them what the model itself says.
void draw_ends(ViewContext& context, const ModelMemory& memory, const Grid& grid, Index rows,
               Index chosen) {
    const Theme& theme = context.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const Run& run = *memory.shown->run;
    const Index V = static_cast<Index>(run.logits.shape()[1]);
    for (Index p = grid.first; p < grid.first + grid.count; ++p) {
        const ImVec2 top = grid.cell(0, p), bottom = grid.cell(rows - 1, p);
        const float width = grid.column - 2.0F;
        const float line = theme.fonts.body->FontSize;
        const ImVec2 high{top.x + width, top.y + grid.row - 2.0F};
        list->AddRectFilled(top, high, theme.chip(static_cast<int>(p)), 3.0F);
        put(theme.fonts.body, top, width, top.y + 0.5F * (grid.row - line), theme.text,
            memory.shown->labels[static_cast<std::size_t>(p)]);
        if (p == chosen) list->AddRect(top, high, theme.accent, 3.0F, 0, 1.5F);
        const Real* logits = run.logits.data() + p * V;
        const auto best = static_cast<int>(std::max_element(logits, logits + V) - logits);
        put(p == chosen ? theme.fonts.bold : theme.fonts.body, bottom, width,
            bottom.y + 0.5F * (grid.row - line), p == chosen ? theme.accent : theme.text,
            token_text(run, best));
    }
}

/// Clicks on a column and the arrow keys choose a position.
void choose_position(ViewContext& context, const Grid& grid, Index rows, Index chosen, Index last) {
    ImGui::SetCursorScreenPos({grid.low.x + grid.stage, grid.low.y});
    const bool pressed = ImGui::InvisibleButton(
        "columns",
        {grid.column * static_cast<float>(grid.count), grid.row * static_cast<float>(rows)});
    if (ImGui::IsItemHovered()) {
        const float x = ImGui::GetIO().MousePos.x - grid.low.x - grid.stage;
        const Index p = std::clamp<Index>(grid.first + static_cast<Index>(x / grid.column),
                                          grid.first, grid.first + grid.count - 1);
        context.stage.hovered_position = p;
        if (pressed) context.stage.position = p;
    }
    if (!has_key_focus()) return;
    if (shows_key_focus()) {
        const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
        ImGui::GetWindowDrawList()->AddRect(low, high, context.theme.accent, context.theme.radius);
    }
    const int x = arrow_step().x;  // up, down and beyond the first column the focus goes on
    if (x == 0 || chosen + x < 0) return;
    context.stage.position = std::min<Index>(chosen + x, last);
    keep_focus_here();
}

}  // namespace

void draw_model(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context) || draw_without_language(context)) return;
    auto& memory = context.memory.of<ModelMemory>();
    const Run& run = *context.run;
    take_shown(context, memory.shown);
    explain(
        theme,
        context.say("From the text at the top to the next token at the bottom. Each cell says "
                    "what the model would go on with if it stopped there: the logit lens. Click "
                    "a stage to look inside.",
                    "맨 위의 글에서 맨 아래의 다음 토큰까지예요. 칸마다 모델이 거기서 멈춘다면 "
                    "무엇을 이어 쓸지 보여 줘요. 이것을 로짓 렌즈라고 해요. 단계를 누르면 안을 볼 "
                    "수 있어요."));
    const std::vector<StageRow> rows = rows_of(context, run.model->info());
    const Index last = run.positions() - 1;
    const Index chosen = context.stage.position < 0 ? last : std::min(context.stage.position, last);
    const ImVec2 room = ImGui::GetContentRegionAvail();
    Grid grid;
    grid.low = ImGui::GetCursorScreenPos();
    grid.stage = std::min(36.0F * theme.unit, 0.28F * room.x);
    grid.row = std::clamp((room.y - 2.0F * theme.unit) / static_cast<float>(rows.size()),
                          6.0F * theme.unit, 16.0F * theme.unit);
    const float least = 17.0F * theme.unit;
    const auto most = std::max<Index>(1, static_cast<Index>((room.x - grid.stage) / least));
    grid.count = std::min<Index>(most, last + 1);
    const Index end = std::clamp<Index>(chosen + grid.count / 2, grid.count - 1, last);
    grid.first = end + 1 - grid.count;
    grid.column =
        std::min((room.x - grid.stage) / static_cast<float>(grid.count), 30.0F * theme.unit);
    choose_position(context, grid, static_cast<Index>(rows.size()), chosen, last);
    const auto answer = context.background.ask<Lens>(
        "lens",
        run.serial * 4096 + static_cast<std::uint64_t>(end) * 32 +
            static_cast<std::uint64_t>(grid.count),
        [run = context.run, end, count = grid.count](const std::stop_token& stop) {
            return look_through_lens(*run, end, count, stop);
        });
    if (answer.value && answer.value->serial == run.serial) {
        for (std::size_t r = 0; r < rows.size(); ++r) {
            if (rows[r].place >= 0)
                draw_lens_row(context, memory, *answer.value, rows[r], static_cast<Index>(r), grid,
                              chosen);
        }
    }
    draw_ends(context, memory, grid, static_cast<Index>(rows.size()), chosen);
    draw_stages(context, rows, grid);
}

}  // namespace vitrine::viz

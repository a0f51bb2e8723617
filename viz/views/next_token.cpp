#include "viz/views/next_token.h"

#include <algorithm>
#include <cstdio>

#include "viz/views/next_distribution.h"
#include "viz/views/next_parts.h"
#include "viz/views/states.h"
#include "viz/widgets/area.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

void draw_positions(ViewContext& context, NextMemory& memory) {
    const Theme& theme = context.theme;
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0.5F * theme.unit, 0.75F * theme.unit});
    const float height =
        chip_height(theme, theme.fonts.small) + 2.0F * theme.unit + ImGui::GetStyle().ScrollbarSize;
    begin_area("positions", {0.0F, height}, AreaEdge::padded, ImGuiWindowFlags_HorizontalScrollbar);
    ChipsInput input;
    input.id = "position";
    input.labels = memory.shown->labels;
    input.special = &memory.shown->tokens.special;
    input.chosen = memory.position;
    input.marked = context.stage.hovered_position;
    const bool fills = context.run->model && context.run->model->encoder() != nullptr;
    input.faded_from = fills ? memory.shown->run->positions() : memory.position + 1;
    input.font = theme.fonts.small;
    const ChipsAnswer answer = draw_chips(theme, input, memory.chips);
    if (memory.shown_position != memory.position || memory.shown_run != memory.shown->run) {
        memory.shown_position = memory.position;  // a new choice scrolls into sight, once
        memory.shown_run = memory.shown->run;
        ImGui::SetScrollX(std::max(0.0F, answer.chosen_x - 0.5F * ImGui::GetWindowWidth()));
    }
    if (answer.seen >= 0) context.stage.hovered_position = answer.seen;
    if (answer.clicked >= 0) {
        const bool last = !fills && answer.clicked + 1 == memory.shown->run->positions();
        context.stage.position = last ? -1 : answer.clicked;
    }
    ImGui::EndChild();
    ImGui::PopStyleVar();
}

std::string cut_caption(const ViewContext& context, const Candidate& first_cut) {
    const Sampling& s = context.stage.sampling;
    char text[64];
    switch (first_cut.cut) {
        case Cut::top_k:
            std::snprintf(text, sizeof text,
                          context.say("cut by top-k = %d", "top-k = %d 아래로 잘림"), s.top_k);
            return text;
        case Cut::top_p:
            std::snprintf(text, sizeof text,
                          context.say("cut by top-p = %.2f", "top-p = %.2f 밖이라 잘림"),
                          static_cast<double>(s.top_p));
            return text;
        case Cut::min_p:
            std::snprintf(text, sizeof text,
                          context.say("cut by min-p = %.2f", "min-p = %.2f 아래로 잘림"),
                          static_cast<double>(s.min_p));
            return text;
        case Cut::temperature:
            return context.say("temperature 0 takes the likeliest",
                               "온도 0은 늘 가장 그럴듯한 것만 골라요");
        case Cut::ngram: return context.say("would repeat an n-gram", "같은 구절을 되풀이해요");
        case Cut::none: break;
    }
    return {};
}

std::vector<Bar> bars_of(const NextMemory& memory) {
    std::vector<Bar> bars;
    // The model's own probability is marked where the sliders made something else of it.
    const bool changed = !same_sampling(memory.sampling, Sampling{});
    for (std::size_t i = 0; i < memory.names.size(); ++i) {
        const Candidate& candidate = memory.distribution.likeliest[i];
        Bar bar;
        bar.label = memory.names[i];
        bar.cut = candidate.cut != Cut::none;
        bar.value = bar.cut ? candidate.tempered : candidate.final;
        bar.marker = changed ? candidate.model : -1.0;
        bar.number = bar.cut ? "–" : percent_text(candidate.final);
        bar.second = bar.cut ? "–" : percent_text(candidate.drawn);
        bar.strong = candidate.id == memory.actual;
        bars.push_back(std::move(bar));
    }
    return bars;
}

void draw_candidate_card(const ViewContext& context, const NextMemory& memory, Index i) {
    const Theme& theme = context.theme;
    const Candidate& candidate = memory.distribution.likeliest[static_cast<std::size_t>(i)];
    const float column = 42.0F * theme.unit;
    card_heading(theme, std::to_string(i + 1) + ".  " + memory.names[static_cast<std::size_t>(i)]);
    card_row(theme, context.say("Id", "번호"), std::to_string(candidate.id), column);
    card_row(theme, context.say("The model says", "모델의 확률"), percent_text(candidate.model),
             column);
    card_row(theme, context.say("With temperature", "온도를 적용하면"),
             percent_text(candidate.tempered), column);
    card_row(theme, context.say("Drawn with", "뽑힐 확률"), percent_text(candidate.final), column);
    card_row(theme, context.say("Sum before the cuts", "자르기 전 누적"),
             percent_text(candidate.cumulative), column);
    if (candidate.cut != Cut::none) {
        card_note(theme, cut_caption(context, candidate), 80.0F * theme.unit);
    }
    card_note(theme, context.say("Click to append it to the text.", "누르면 글 끝에 붙어요."),
              80.0F * theme.unit);
}

/// Where a text has a hole, else its last token.
Index position_to_fill(const ShownTokens& shown) {
    const TokenLabels& tokens = shown.tokens;
    Index last = 0;
    for (std::size_t i = 0; i < tokens.special.size(); ++i) {
        const bool typed = tokens.bytes[i][0] != tokens.bytes[i][1];
        if (typed && tokens.special[i]) return static_cast<Index>(i);
        if (typed) last = static_cast<Index>(i);
    }
    return last;
}

}  // namespace

void refresh_next(ViewContext& context, NextMemory& memory, Index listed) {
    if (take_shown(context, memory.shown)) memory.position = -1;
    const Run& run = *memory.shown->run;
    const Index T = std::min(run.positions(), static_cast<Index>(run.logits.shape()[0]));
    const bool fills = run.model && run.model->encoder() != nullptr;
    const Index wanted = context.stage.position;
    const Index position = wanted >= 0 && wanted < T ? wanted
                           : fills                   ? position_to_fill(*memory.shown)
                                                     : T - 1;
    const Sampling sampling = fills ? Sampling{} : context.stage.sampling;
    if (position == memory.position && same_sampling(memory.sampling, sampling)) return;
    memory.position = position;
    memory.sampling = sampling;
    const auto V = static_cast<std::size_t>(run.logits.shape()[1]);
    const std::span<const Real> row(run.logits.data() + static_cast<std::size_t>(position) * V, V);
    const std::span<const int> seen(run.encoding.ids.data(),
                                    fills ? 0 : static_cast<std::size_t>(position) + 1);
    const Index asked = fills ? position : position + 1;
    memory.actual =
        asked < run.positions() ? run.encoding.ids[static_cast<std::size_t>(asked)] : -1;
    memory.distribution = next_distribution(row, seen, memory.sampling, listed, memory.actual);
    memory.names.clear();
    for (const Candidate& candidate : memory.distribution.likeliest) {
        memory.names.push_back(displayable(token_text(run, candidate.id)));
    }
}

void draw_next_bars(ViewContext& context, NextMemory& memory, float width, float height) {
    const Theme& theme = context.theme;
    std::vector<Bar> bars = bars_of(memory);
    BarsInput input;
    input.bars = bars;
    input.width = width;
    const float room = height - 2.0F * theme.fonts.small->FontSize - 4.0F * theme.unit;
    input.row = std::clamp(room / static_cast<float>(std::max<std::size_t>(1, memory.names.size())),
                           theme.fonts.body->FontSize + 1.0F, 8.0F * theme.unit);
    input.full = 0.0;
    for (const Bar& bar : bars) input.full = std::max({input.full, bar.value, bar.marker});
    input.label_title = context.say("token", "토큰");
    input.marker_title = context.say("what the model says", "모델이 매긴 확률");
    input.number_title = context.say("probability", "확률");
    input.second_title = context.say("sum so far", "누적");
    if (width < 80.0F * theme.unit) {
        input.second_title = "";  // the card still tells it
        for (Bar& bar : bars) bar.second.clear();
    }
    const auto& likeliest = memory.distribution.likeliest;
    const auto first = std::find_if(likeliest.begin(), likeliest.end(),
                                    [](const Candidate& c) { return c.cut != Cut::none; });
    if (first != likeliest.end()) {
        input.threshold = first - likeliest.begin();
        input.threshold_caption = cut_caption(context, *first);
    }
    const BarsAnswer answer = draw_bars(theme, input, memory.bars);
    if (answer.seen >= 0) {
        answer.by_keyboard ? begin_card_at(theme, {answer.low.x + 0.5F * width, answer.high.y})
                           : begin_card(theme);
        draw_candidate_card(context, memory, answer.seen);
        end_card();
    }
    if (answer.clicked >= 0) append_candidate(context, memory, answer.clicked);
}

std::string token_text(const Run& run, int id) {
    if (!run.model || !run.model->tokenizer) return "#" + std::to_string(id);
    const Tokenizer& tokenizer = *run.model->tokenizer;
    return tokenizer.is_special(id) ? tokenizer.token(id) : visible_text(tokenizer.bytes(id));
}

void append_candidate(ViewContext& context, const NextMemory& memory, Index i) {
    const Run& run = *memory.shown->run;
    if (!run.model || !run.model->tokenizer) return;
    const int id = memory.distribution.likeliest[static_cast<std::size_t>(i)].id;
    const auto [begin, end] = memory.shown->tokens.bytes[static_cast<std::size_t>(memory.position)];
    std::string token = run.model->tokenizer->is_special(id) ? run.model->tokenizer->token(id)
                                                             : run.model->tokenizer->bytes(id);
    if (run.model->encoder() != nullptr) {
        // The space in front of a word belongs to the text already.
        if (begin > 0 && token.starts_with(' ') && run.text[begin - 1] == ' ') token.erase(0, 1);
        context.wishes.set_text = run.text.substr(0, begin) + token + run.text.substr(end);
    } else {
        // The text up to the position, then the token: what the model saw, and what it offered.
        context.wishes.set_text = run.text.substr(0, end) + token;
    }
    context.wishes.has_set_text = true;
    context.stage.position = -1;
}

namespace {

/// Of an encoder: which tokens could stand at a position.
void draw_filling(ViewContext& context, NextMemory& memory) {
    explain(context.theme,
            context.say("The model sees the text on both sides of a position and says which token "
                        "could stand there. Hide a word with the tokenizer's mask, [MASK] or "
                        "<mask>, and it fills the hole; click a bar to put that token in.",
                        "모델은 한 자리의 앞뒤를 모두 보고 그 자리에 어떤 토큰이 올 수 있는지 "
                        "말해요. 낱말 대신 [MASK]나 <mask>를 쓰면 빈칸을 채워요. 막대를 누르면 그 "
                        "토큰이 글에 들어가요."));
    draw_positions(context, memory);
    draw_next_bars(context, memory, ImGui::GetContentRegionAvail().x,
                   ImGui::GetContentRegionAvail().y);
}

}  // namespace

void draw_next(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context)) return;
    if (context.run->logits.size() == 0) {
        draw_state(
            theme, context.say("No prediction", "예측이 없어요"),
            context.say("This model says nothing about single tokens: its file has no such "
                        "layer.",
                        "이 모델은 토큰 하나하나를 예측하지 않아요. 파일에 그런 층이 없어요."),
            theme.muted);
        return;
    }
    NextMemory& memory = context.memory.of<NextMemory>();
    refresh_next(context, memory, 20);
    if (context.run->model && context.run->model->encoder() != nullptr) {
        draw_filling(context, memory);
        return;
    }
    explain(
        theme,
        context.say("The model gives every token of its vocabulary a probability of coming "
                    "next. The sliders change what is drawn, not what the model believes.",
                    "모델은 어휘의 모든 토큰에 다음에 올 확률을 매겨요. 슬라이더는 모델의 생각이 "
                    "아니라 뽑는 방법을 바꿔요."));
    draw_positions(context, memory);
    const float room = ImGui::GetContentRegionAvail().x;
    const float panel = (room < 110.0F * theme.unit   ? 40.0F
                         : room < 140.0F * theme.unit ? 46.0F
                                                      : 58.0F) *
                        theme.unit;
    const float gap = 4.0F * theme.unit;
    if (room < 2.0F * panel) {
        draw_next_controls(context, memory, room);
        ImGui::Dummy({0.0F, theme.unit});
        draw_next_bars(context, memory, room, ImGui::GetContentRegionAvail().y);
        return;
    }
    ImGui::BeginGroup();
    draw_next_bars(context, memory, room - panel - gap, ImGui::GetContentRegionAvail().y);
    ImGui::EndGroup();
    ImGui::SameLine(0.0F, gap);
    ImGui::BeginGroup();
    draw_next_controls(context, memory, panel);
    ImGui::EndGroup();
}

}  // namespace vitrine::viz

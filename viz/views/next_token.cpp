#include "viz/views/next_token.h"

#include <algorithm>
#include <cstdio>

#include "viz/views/judgement.h"
#include "viz/views/next_distribution.h"
#include "viz/views/next_parts.h"
#include "viz/views/states.h"
#include "viz/widgets/area.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

/// An encoder says what stands at a position, not what follows it.
bool fills_holes(const Run& run) {
    return run.model && run.model->encoder() != nullptr;
}

/// True if the model wrote a text of its own, which no click can change.
bool answers(const Run& run) {
    return !run.target.ids.empty();
}

void draw_positions(ViewContext& context, NextMemory& memory) {
    const Theme& theme = context.theme;
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0.5F * theme.unit, 0.75F * theme.unit});
    const float height =
        chip_height(theme, theme.fonts.small) + 2.0F * theme.unit + ImGui::GetStyle().ScrollbarSize;
    begin_area("positions", {0.0F, height}, AreaEdge::padded, ImGuiWindowFlags_HorizontalScrollbar);
    ChipsInput input;
    input.id = "position";
    input.labels = memory.shown->written_labels();
    input.special = &memory.shown->written().special;
    input.chosen = memory.position;
    input.marked = context.stage.hovered_position;
    const auto count = static_cast<Index>(input.labels.size());
    const bool fills = fills_holes(*context.run);
    input.faded_from = fills ? count : memory.position + 1;
    input.font = theme.fonts.small;
    const ChipsAnswer answer = draw_chips(theme, input, memory.chips);
    if (memory.shown_position != memory.position || memory.shown_run != memory.shown->run) {
        memory.shown_position = memory.position;  // a new choice scrolls into sight, once
        memory.shown_run = memory.shown->run;
        ImGui::SetScrollX(std::max(0.0F, answer.chosen_x - 0.5F * ImGui::GetWindowWidth()));
    }
    if (answer.seen >= 0) context.stage.hovered_position = answer.seen;
    if (answer.clicked >= 0) {
        const bool last = !fills && answer.clicked + 1 == count;
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
    if (answers(*memory.shown->run)) return;
    const bool fills = fills_holes(*context.run);
    card_note(theme,
              fills ? context.say("Click to put it there.", "누르면 그 자리에 들어가요.")
                    : context.say("Click to append it to the text.", "누르면 글 끝에 붙어요."),
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
    const std::vector<int>& ids = run.writing().ids;
    const Index T =
        std::min(static_cast<Index>(ids.size()), static_cast<Index>(run.logits.shape()[0]));
    const bool fills = fills_holes(run);
    const Index wanted = context.stage.position;
    const Index position = wanted >= 0 && wanted < T ? wanted
                           : fills                   ? position_to_fill(*memory.shown)
                                                     : T - 1;
    const Sampling sampling = fills || answers(run) ? Sampling{} : context.stage.sampling;
    if (position == memory.position && same_sampling(memory.sampling, sampling)) return;
    memory.position = position;
    memory.sampling = sampling;
    const auto V = static_cast<std::size_t>(run.logits.shape()[1]);
    const std::span<const Real> row(run.logits.data() + static_cast<std::size_t>(position) * V, V);
    const std::span<const int> seen(ids.data(), fills ? 0 : static_cast<std::size_t>(position) + 1);
    const auto asked = static_cast<std::size_t>(fills ? position : position + 1);
    memory.actual = asked < ids.size() ? ids[asked]
                    : run.target_ended ? run.model->info().eos_id
                                       : -1;
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
    if (id >= tokenizer.vocabulary()) return "#" + std::to_string(id);
    return tokenizer.is_special(id) ? tokenizer.token(id) : visible_text(tokenizer.bytes(id));
}

void append_candidate(ViewContext& context, const NextMemory& memory, Index i) {
    const Run& run = *memory.shown->run;
    if (!run.model || !run.model->tokenizer || answers(run)) return;
    const int id = memory.distribution.likeliest[static_cast<std::size_t>(i)].id;
    const auto [begin, end] = memory.shown->tokens.bytes[static_cast<std::size_t>(memory.position)];
    std::string token = run.model->tokenizer->is_special(id) ? run.model->tokenizer->token(id)
                                                             : run.model->tokenizer->bytes(id);
    if (fills_holes(run)) {
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
                   std::max(ImGui::GetContentRegionAvail().y, 60.0F * context.theme.unit));
}

/// Of a model that writes a text of its own: what it found likely at each of its tokens.
void draw_answer(ViewContext& context, NextMemory& memory) {
    const Theme& theme = context.theme;
    explain(theme,
            context.say("The model read your text and wrote the tokens below, the likeliest one "
                        "each time. Choose one, and see what could have followed it; the bold bar "
                        "is what did.",
                        "모델이 여러분의 글을 읽고 아래 토큰을 썼어요. 늘 가장 그럴듯한 것을 "
                        "골랐어요. 토큰을 누르면 그다음에 올 수 있던 것이 보여요. 굵은 막대가 "
                        "실제로 온 토큰이에요."));
    draw_positions(context, memory);
    draw_next_bars(context, memory, ImGui::GetContentRegionAvail().x,
                   ImGui::GetContentRegionAvail().y);
}

}  // namespace

void draw_next(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context)) return;
    if (context.run->model && context.run->model->clip() != nullptr) {
        draw_without_language(context);
        return;
    }
    if (judges(*context.run)) {
        draw_judgement(context, ImGui::GetContentRegionAvail().x);
        if (context.run->logits.size() == 0) return;
    }
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
    if (fills_holes(*context.run)) {
        draw_filling(context, memory);
        return;
    }
    if (answers(*context.run)) {
        draw_answer(context, memory);
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

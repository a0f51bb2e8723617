// The right side of the next-token view: generation, the sliders, the numbers of the distribution.
#include <algorithm>
#include <cstdio>

#include "chapters/runner/comparison.h"
#include "viz/app/run_model.h"
#include "viz/views/next_parts.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

void hint(const ViewContext& context, const char* english, const char* korean) {
    if (!ImGui::IsItemHovered()) return;
    begin_card(context.theme);
    card_note(context.theme, context.say(english, korean), 70.0F * context.theme.unit);
    end_card();
}

std::string finish_text(const ViewContext& context, const std::string& finish) {
    if (finish == "length") return context.say("It reached the length.", "정한 길이만큼 썼어요.");
    if (finish == "eos") return context.say("The model ended the text.", "모델이 글을 끝냈어요.");
    if (finish == "positions") {
        return context.say("The model has no position left.",
                           "모델이 볼 수 있는 길이가 다 찼어요.");
    }
    if (finish == "stopped") return context.say("Stopped.", "멈췄어요.");
    return finish;
}

/// Whose code computes these numbers, if it is not the library's.
void draw_author(ViewContext& context) {
    const Run& run = *context.run;
    if (!is_mine(run.parts) || !run.report) return;
    if (!run.parts_problem.empty()) {
        card_note(context.theme,
                  context.say("Your parts failed, so the library's are at work: see Parts.",
                              "내 부품이 실패해서 라이브러리가 계산해요. ‘부품’ 화면을 보세요."),
                  ImGui::GetContentRegionAvail().x);
        return;
    }
    std::string names;
    for (const runner::PartReport& part : run.report->alone)
        names += (names.empty() ? "" : ", ") + part.part;
    const std::string line =
        names.empty() ? context.say("None of your parts is written yet.", "아직 쓴 부품이 없어요.")
                      : context.say("Your code computes this: ", "내 코드가 계산해요: ") + names;
    card_note(context.theme, line, ImGui::GetContentRegionAvail().x);
}

void draw_generation(ViewContext& context) {
    const Theme& theme = context.theme;
    const GenerationProgress& progress = context.generation;
    if (action_button(theme, context.say("Generate", "이어 쓰기"), true, !progress.running)) {
        context.wishes.generate = true;
    }
    hint(context, "Writes on, token by token; all views follow.",
         "토큰을 하나씩 이어 써요. 다른 화면도 함께 따라가요.");
    same_line_if_fits(theme, button_width(context.say("Step", "한 토큰")));
    if (action_button(theme, context.say("Step", "한 토큰"), false, !progress.running)) {
        context.wishes.step = true;
    }
    hint(context, "Draws one token and appends it.", "토큰 하나를 뽑아 붙여요.");
    same_line_if_fits(theme, button_width(context.say("Stop", "멈춤")));
    if (action_button(theme, context.say("Stop", "멈춤"), false, progress.running)) {
        context.wishes.stop = true;
    }
    char speed[64];
    std::snprintf(speed, sizeof speed, context.say("%.1f tokens per second", "초당 토큰 %.1f개"),
                  progress.tokens_per_second);
    std::string line = context.say("Draws with the sliders below.", "아래 슬라이더대로 뽑아요.");
    if (progress.running) {
        line = speed;
    } else if (!progress.finish.empty()) {
        line = finish_text(context, progress.finish);
        if (progress.tokens_per_second > 0.0) line += std::string("  ") + speed;
    }
    ImGui::PushFont(theme.fonts.small);
    card_note(theme, line, ImGui::GetContentRegionAvail().x);
    draw_author(context);
    ImGui::PopFont();
}

/// Two sliders to a row where there is room.
void next_slider(const Theme& theme, bool beside) {
    if (beside) ImGui::SameLine(0.0F, 4.0F * theme.unit);
}

void draw_sliders(ViewContext& context, float width) {
    const Theme& theme = context.theme;
    Sampling& s = context.stage.sampling;
    const bool two = width > 90.0F * theme.unit;
    const float each = two ? (width - 4.0F * theme.unit) / 2.0F : width;
    captioned_slider(theme, "##temperature", context.say("Temperature", "온도"), s.temperature,
                     0.0F, 2.0F, "%.2f", each);
    hint(context, "Below 1 sharpens the distribution, above 1 flattens it; 0 takes the likeliest.",
         "1보다 작으면 더 뾰족해지고 크면 더 고르게 퍼져요. 0이면 가장 그럴듯한 것만 골라요.");
    next_slider(theme, two);
    captioned_slider(theme, "##top_k", context.say("Top-k", "top-k"), s.top_k, 0, 100,
                     s.top_k == 0 ? context.say("off", "끔") : "%d", each);
    hint(context, "Only the k likeliest can be drawn.", "가장 그럴듯한 k개 가운데서만 뽑아요.");
    captioned_slider(theme, "##top_p", context.say("Top-p", "top-p"), s.top_p, 0.01F, 1.0F,
                     s.top_p >= 1.0F ? context.say("off", "끔") : "%.2f", each);
    hint(context, "Only the likeliest that together reach p can be drawn.",
         "확률을 위에서부터 더해 p에 이를 때까지만 뽑아요.");
    next_slider(theme, two);
    captioned_slider(theme, "##min_p", context.say("Min-p", "min-p"), s.min_p, 0.0F, 0.5F,
                     s.min_p <= 0.0F ? context.say("off", "끔") : "%.2f", each);
    hint(context, "Only tokens of at least p times the likeliest's probability can be drawn.",
         "가장 높은 확률의 p배가 안 되는 토큰은 뽑지 않아요.");
    if (action_button(theme, context.say("Reset sliders", "슬라이더 되돌리기"))) {
        const Sampling plain;
        s.temperature = plain.temperature;
        s.top_k = plain.top_k;
        s.top_p = plain.top_p;
        s.min_p = plain.min_p;
    }
}

void number_row(const ViewContext& context, float column, const char* name,
                const std::string& value, const char* english, const char* korean) {
    ImGui::BeginGroup();
    card_row(context.theme, name, value, column);
    ImGui::EndGroup();
    hint(context, english, korean);
}

void draw_numbers(const ViewContext& context, const NextMemory& memory, float width) {
    const float column = std::min(36.0F * context.theme.unit, 0.58F * width);
    const Distribution& d = memory.distribution;
    char text[64];
    number_row(context, column, context.say("Can be drawn", "뽑힐 수 있는 것"),
               count_text(d.kept) + " / " +
                   count_text(static_cast<Index>(memory.shown->run->logits.shape()[1])),
               "Tokens with a probability above 0 after the cuts.",
               "자르고 난 뒤 확률이 0보다 큰 토큰 수예요.");
    std::snprintf(text, sizeof text, context.say("%.2f bits", "%.2f비트"), d.entropy);
    number_row(context, column, context.say("Entropy", "엔트로피"), text,
               "How open the choice is, in yes-no questions.",
               "선택이 얼마나 열려 있는지를 예·아니요 질문 수로 나타내요.");
    std::snprintf(text, sizeof text, "%.1f", d.perplexity);
    number_row(context, column, context.say("Perplexity", "퍼플렉서티"), text,
               "As open as a choice among this many equally likely tokens.",
               "똑같이 그럴듯한 토큰이 이만큼 있을 때와 같은 정도예요.");
    if (memory.actual < 0) return;
    number_row(context, column, context.say("Next in the text", "글의 다음 토큰"),
               token_text(*memory.shown->run, memory.actual), "The token that you wrote here.",
               "여러분이 여기에 쓴 토큰이에요.");
    number_row(context, column, context.say("Its rank", "그 토큰의 순위"),
               count_text(d.actual_rank), "Where the model had your token: 1 is the likeliest.",
               "모델이 그 토큰을 몇 번째로 보았는지예요. 1위가 가장 그럴듯해요.");
    number_row(context, column, context.say("Its probability", "그 토큰의 확률"),
               percent_text(d.actual_probability), "What the model itself gave your token.",
               "모델이 그 토큰에 매긴 확률이에요.");
}

}  // namespace

void draw_next_controls(ViewContext& context, NextMemory& memory, float width) {
    const Theme& theme = context.theme;
    draw_generation(context);
    ImGui::Dummy({0.0F, theme.unit});
    draw_sliders(context, width);
    ImGui::Dummy({0.0F, theme.unit});
    ImGui::PushFont(width < 50.0F * theme.unit ? theme.fonts.small : theme.fonts.body);
    draw_numbers(context, memory, width);
    ImGui::PopFont();
}

}  // namespace vitrine::viz

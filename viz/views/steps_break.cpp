// Breaking attention on purpose: the switches, and the next token before and after.
#include <cstdio>

#include "viz/views/next_parts.h"
#include "viz/views/steps_parts.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

struct FaultName {
    const char *english, *korean, *says_english, *says_korean;
};

const FaultName& name_of(int fault) {
    static constexpr FaultName names[] = {
        {"Whole", "그대로", "Nothing is broken.", "아무것도 망가뜨리지 않았어요."},
        {"No scaling", "안 나누기", "Scores are not divided by √D, in every head.",
         "모든 헤드에서 점수를 √D로 나누지 않아요."},
        {"No mask", "안 가리기", "Every token sees what comes after it, in every head.",
         "모든 헤드에서 뒤에 오는 토큰까지 봐요."},
        {"No softmax", "소프트맥스 없이", "Scores are used as weights as they are, in every head.",
         "모든 헤드에서 점수를 그대로 몫으로 써요."},
        {"Head off", "헤드 끄기", "This one head gives zeros.", "이 헤드 하나가 0만 내놓아요."},
        {"Edit the cell", "칸 고치기", "You set the share of this one cell.",
         "이 칸의 몫을 직접 정해요."},
    };
    return names[fault];
}

void draw_buttons(ViewContext& context, StepsMemory& memory) {
    const Theme& theme = context.theme;
    for (int fault = 0; fault < 6; ++fault) {
        const FaultName& name = name_of(fault);
        const char* label = context.say(name.english, name.korean);
        if (fault > 0) same_line_if_fits(theme, button_width(label));
        const bool chosen = memory.fault == fault;
        ImGui::PushStyleColor(ImGuiCol_Button, chosen ? theme.accent : theme.raised);
        ImGui::PushStyleColor(ImGuiCol_Text, chosen ? theme.on_accent : theme.text);
        if (ImGui::Button(label)) {
            memory.fault = fault;
            memory.weight = static_cast<float>(
                memory.numbers.pattern_row(memory.query)[static_cast<std::size_t>(memory.key)]);
        }
        ImGui::PopStyleColor(2);
        if (!ImGui::IsItemHovered()) continue;
        begin_card(theme);
        card_note(theme, context.say(name.says_english, name.says_korean), 60.0F * theme.unit);
        end_card();
    }
}

void draw_edit(ViewContext& context, StepsMemory& memory, float width) {
    const Theme& theme = context.theme;
    const auto was = static_cast<double>(
        memory.numbers.pattern_row(memory.query)[static_cast<std::size_t>(memory.key)]);
    char caption[160];
    std::snprintf(caption, sizeof caption,
                  context.say("Share that %s gives to %s (it was %.3f)",
                              "%s에서 %s 쪽으로 가는 몫 (원래 %.3f)"),
                  memory.query_label(memory.query).c_str(), memory.key_label(memory.key).c_str(),
                  was);
    captioned_slider(theme, "##weight", caption, memory.weight, 0.0F, 1.0F, "%.3f", 0.8F * width);
    ImGui::Checkbox(
        context.say("The rest of the row makes up for it", "나머지 몫을 고쳐 합을 1로 맞추기"),
        &memory.renormalise);
}

void draw_before_and_after(ViewContext& context, StepsMemory& memory, const BrokenRun& broken,
                           float width) {
    std::vector<Bar> bars;
    double full = 0.01;
    for (const NextToken& token : broken.tokens) {
        Bar bar;
        bar.label = token_text(*context.run, token.id);
        bar.value = token.after;
        bar.marker = token.before;
        bar.number = percent_text(token.after);
        bar.second = percent_text(token.before);
        full = std::max({full, token.after, token.before});
        bars.push_back(std::move(bar));
    }
    BarsInput input;
    input.id = "broken";
    input.bars = bars;
    input.width = width;
    input.row = 5.5F * context.theme.unit;
    input.full = full;
    input.label_title = context.say("next token", "다음 토큰");
    input.marker_title = context.say("unbroken", "원래");
    input.number_title = context.say("broken", "고장");
    input.second_title = context.say("unbroken", "원래");
    draw_bars(context.theme, input, memory.bars);
    char text[128];
    std::snprintf(text, sizeof text,
                  context.say("%s of the probability went to other tokens.",
                              "확률의 %s가 다른 토큰으로 옮겨 갔어요."),
                  percent_text(broken.moved).c_str());
    explain(context.theme, text);
}

}  // namespace

void draw_breaking(ViewContext& context, StepsMemory& memory, float width) {
    const Theme& theme = context.theme;
    card_heading(theme, context.say("Break it on purpose", "일부러 망가뜨리기"));
    draw_buttons(context, memory);
    explain(theme,
            context.say(name_of(memory.fault).says_english, name_of(memory.fault).says_korean));
    if (static_cast<Fault>(memory.fault) == Fault::edited_cell) draw_edit(context, memory, width);
    Breakage breakage;
    breakage.fault = static_cast<Fault>(memory.fault);
    breakage.layer = memory.layer;
    breakage.head = memory.head;
    breakage.query = memory.query;
    breakage.key = memory.key;
    breakage.weight = memory.weight;
    breakage.renormalise = memory.renormalise;
    const auto answer = context.background.ask<BrokenRun>(
        "broken", breakage.id(context.run->serial),
        [run = context.run, breakage](const std::stop_token& stop) {
            return run_broken(*run, breakage, stop);
        });
    if (!answer.problem.empty()) {
        ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(theme.bad), "%s", answer.problem.c_str());
    } else if (answer.value && answer.value->serial == context.run->serial) {
        draw_before_and_after(context, memory, *answer.value, width);
    } else {
        explain(theme, context.say("The model runs ...", "모델을 돌리고 있어요 ..."));
    }
}

}  // namespace vitrine::viz

#include "viz/views/compare.h"

#include <algorithm>
#include <cstdio>

#include "viz/app/run_model.h"
#include "viz/views/compare_parts.h"
#include "viz/views/states.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"

namespace vitrine::viz {

namespace {

/// A calm panel with a coloured edge, for what the learner has to know first.
void draw_notice(const Theme& theme, const std::string& title, const std::string& sentence,
                 ImU32 colour) {
    const float width = ImGui::GetContentRegionAvail().x, inset = 4.0F * theme.unit;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->ChannelsSplit(2);
    list->ChannelsSetCurrent(1);
    ImGui::SetCursorScreenPos({at.x + inset, at.y + 2.0F * theme.unit});
    ImGui::BeginGroup();
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width - 2.0F * inset);
    ImGui::PushFont(theme.fonts.bold);
    ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(colour), "%s", title.c_str());
    ImGui::PopFont();
    if (!sentence.empty()) ImGui::TextUnformatted(sentence.c_str());
    ImGui::PopTextWrapPos();
    ImGui::EndGroup();
    const float bottom = ImGui::GetItemRectMax().y + 2.0F * theme.unit;
    list->ChannelsSetCurrent(0);
    list->AddRectFilled(at, {at.x + width, bottom}, theme.background, theme.radius);
    list->AddRectFilled(at, {at.x + 0.75F * theme.unit, bottom}, colour, theme.radius);
    list->ChannelsMerge();
    ImGui::SetCursorScreenPos({at.x, bottom});
    ImGui::Dummy({width, theme.unit});
}

std::string largest_text(const runner::PartsReport& report) {
    double largest = 0;
    for (const runner::StepReport& each : report.chain) largest = std::max(largest, each.largest);
    char text[32];
    std::snprintf(text, sizeof text, "%.1e", largest);
    return text;
}

/// The verdict in one sentence.
void draw_verdict(ViewContext& context, const Run& run) {
    const Theme& theme = context.theme;
    if (!run.parts_problem.empty()) {
        draw_notice(theme,
                    context.say("Your parts did not get to the end. You see the library's run.",
                                "내 부품이 끝까지 가지 못했어요. 지금 보이는 것은 라이브러리의 "
                                "계산이에요."),
                    run.parts_problem, theme.bad);
        return;
    }
    const runner::PartsReport& report = *run.report;
    char text[256];
    if (report.first.empty()) {
        std::snprintf(text, sizeof text,
                      context.say("All %d activations are equal, but for rounding (at most %s).",
                                  "활성값 %d개가 모두 같아요. 반올림 차이뿐이에요(최대 %s)."),
                      static_cast<int>(report.chain.size()), largest_text(report).c_str());
        draw_notice(theme, text, {}, theme.good);
        return;
    }
    std::snprintf(text, sizeof text,
                  context.say("They first differ at %s.", "%s에서 처음으로 달라져요."),
                  report.first.c_str());
    draw_notice(theme, text,
                context.say("What comes behind it is computed from a wrong number and differs too. "
                            "The list on the right looks at each part alone.",
                            "그 뒤의 값들은 틀린 수로 계산하니 함께 달라져요. 오른쪽 목록은 "
                            "부품을 하나씩 따로 본 결과예요."),
                theme.bad);
}

}  // namespace

void draw_compare(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context)) return;
    auto& memory = context.memory.of<CompareMemory>();
    explain(theme,
            context.say("Run the model with other parts than the library's: the clear ones of the "
                        "chapters, or the ones you wrote. Every number is compared.",
                        "라이브러리의 부품 대신 각 장의 부품이나 직접 쓴 부품으로 모델을 돌려 "
                        "보세요. 모든 수를 비교해요."));
    draw_parts_choice(context, memory);
    ImGui::Dummy({0.0F, theme.unit});
    const Run& run = *context.run;
    if (!run.report) {
        if (context.parts != "fast" && run.model->language() == nullptr) {
            draw_state(theme, context.say("Nothing to compare", "비교할 것이 없어요"),
                       context.say("Parts are compared in models that predict the next token. "
                                   "Choose vitrine-small on the left.",
                                   "부품은 다음 토큰을 예측하는 모델에서 비교해요. 왼쪽에서 "
                                   "vitrine-small을 골라 보세요."),
                       theme.text);
            return;
        }
        const bool is_library = context.parts == "fast";
        draw_state(theme,
                   is_library ? context.say("These are the library's own parts",
                                            "지금은 라이브러리의 부품이에요")
                              : context.say("The model runs", "모델을 돌리고 있어요"),
                   is_library ? context.say("Choose other parts above, and they are compared here.",
                                            "위에서 다른 부품을 고르면 여기에서 비교해요.")
                              : context.say("Your files are compiled and run in a process of their "
                                            "own.",
                                            "파일을 컴파일해서 따로 돌려요."),
                   theme.text);
        return;
    }
    if (memory.report != run.report) {
        memory.report = run.report;
        memory.grid = grid_of(*run.report);
    }
    draw_verdict(context, run);
    if (run.report->chain.empty()) return;
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const bool mine = is_mine(run.parts), narrow = room.x < 130.0F * theme.unit;
    const float gap = 4.0F * theme.unit;
    const float side = mine && !narrow ? std::min(72.0F * theme.unit, 0.4F * room.x) : 0.0F;
    ImGui::BeginGroup();
    draw_chain(context, memory, {room.x - (side > 0 ? side + gap : 0.0F), room.y - theme.unit});
    ImGui::EndGroup();
    if (!mine) return;
    if (side > 0) ImGui::SameLine(0.0F, gap);
    ImGui::BeginGroup();
    draw_alone(context, *run.report, side > 0 ? side : room.x);
    ImGui::EndGroup();
}

}  // namespace vitrine::viz

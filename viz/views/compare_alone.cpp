// The choice of parts, and the list of the learner's parts, each alone.
#include <cmath>
#include <cstdio>

#include "chapters/runner/manifest.h"
#include "viz/app/run_model.h"
#include "viz/views/compare_parts.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"

namespace vitrine::viz {

namespace {

std::string number(double largest) {
    if (!std::isfinite(largest)) return "∞";
    char text[32];
    std::snprintf(text, sizeof text, "%.1e", largest);
    return text;
}

/// One of the learner's parts; a click takes it in or out.
void draw_toggle(ViewContext& context, const CompareMemory& memory, const std::string& part) {
    const Theme& theme = context.theme;
    const bool chosen = is_chosen(context.parts, part);
    ImGui::PushStyleColor(ImGuiCol_Button, chosen ? theme.accent : theme.raised);
    ImGui::PushStyleColor(ImGuiCol_Text, chosen ? theme.on_accent : theme.muted);
    if (ImGui::Button(part.c_str()))
        context.wishes.choose_parts = toggled(context.parts, part, memory.started);
    ImGui::PopStyleColor(2);
    if (!ImGui::IsItemHovered()) return;
    begin_card(theme);
    card_note(theme,
              chosen ? context.say("Yours runs in the model. Click to put the library's back.",
                                   "내 부품이 모델 안에서 돌고 있어요. 누르면 라이브러리의 "
                                   "부품으로 돌아가요.")
                     : context.say("The library's runs. Click to put yours in its place.",
                                   "라이브러리의 부품이에요. 누르면 내 부품으로 바꿔요."),
              70.0F * theme.unit);
    end_card();
}

}  // namespace

void draw_parts_choice(ViewContext& context, CompareMemory& memory) {
    const Theme& theme = context.theme;
    if (ImGui::GetTime() - memory.looked_at > 1.0) {
        memory.looked_at = ImGui::GetTime();
        memory.started = started_parts();
    }
    const char* names[] = {context.say("Library", "라이브러리"), context.say("Chapters", "장"),
                           context.say("Mine", "내 것")};
    int chosen = is_mine(context.parts) ? 2 : context.parts == "chapters" ? 1 : 0;
    if (segmented(theme, "parts", names, chosen)) {
        static constexpr const char* choices[] = {"fast", "chapters", "mine"};
        context.wishes.choose_parts = choices[chosen];
    }
    if (context.busy) {
        ImGui::SameLine(0.0F, 3.0F * theme.unit);
        ImGui::AlignTextToFramePadding();
        ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(theme.muted), "%s",
                           context.say("running ...", "돌리는 중 ..."));
    }
    if (chosen != 2) return;
    if (memory.started.empty()) {
        explain(theme, context.say("You have not started an exercise that is a part of the model "
                                   "yet: begin with chapter 04, below its lesson.",
                                   "모델의 부품이 되는 연습 문제를 아직 시작하지 않았어요. 4장의 "
                                   "수업 아래에서 시작해 보세요."));
        return;
    }
    for (std::size_t i = 0; i < memory.started.size(); ++i) {
        if (i > 0) same_line_if_fits(theme, button_width(memory.started[i].c_str()));
        draw_toggle(context, memory, memory.started[i]);
    }
}

void draw_alone(ViewContext& context, const runner::PartsReport& report, float width) {
    const Theme& theme = context.theme;
    const float left = ImGui::GetCursorPosX();
    ImGui::PushTextWrapPos(left + width);
    card_heading(theme, context.say("Each part alone", "부품을 하나씩"));
    card_note(theme,
              context.say("Every call gets what the library's part would get, so one mistake does "
                          "not redden the rest.",
                          "부를 때마다 라이브러리의 부품이 받을 값을 그대로 받아요. 그래서 실수 "
                          "하나가 나머지를 물들이지 않아요."),
              width);
    if (report.alone.empty()) {
        ImGui::TextUnformatted(context.say("None is written yet.", "아직 쓴 부품이 없어요."));
    }
    for (const runner::PartReport& part : report.alone) {
        ImGui::Dummy({0.0F, 0.5F * theme.unit});
        const ImU32 colour = part.equal ? theme.good : theme.bad;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float line = ImGui::GetTextLineHeight();
        ImGui::GetWindowDrawList()->AddCircleFilled({at.x + theme.unit, at.y + 0.5F * line},
                                                    theme.unit, colour);
        ImGui::SetCursorPosX(left + 4.0F * theme.unit);
        char text[160];
        std::snprintf(text, sizeof text,
                      context.say(part.calls == 1 ? "%d call, largest difference %s"
                                                  : "%d calls, largest difference %s",
                                  "%d번 부름, 가장 큰 차이 %s"),
                      part.calls, number(part.largest).c_str());
        ImGui::PushFont(theme.fonts.bold);
        ImGui::TextUnformatted(part.part.c_str());
        ImGui::PopFont();
        ImGui::SetCursorPosX(left + 4.0F * theme.unit);
        ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(theme.muted), "%s", text);
        if (part.equal) continue;
        ImGui::SetCursorPosX(left + 4.0F * theme.unit);
        ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(theme.bad), "%s%s%s", part.first.c_str(),
                           part.first.empty() ? "" : " ", part.difference.c_str());
        ImGui::SetCursorPosX(left + 4.0F * theme.unit);
        ImGui::PushID(part.part.c_str());
        if (action_button(theme, context.say("Copy the replay command", "다시 돌릴 명령 복사"))) {
            const std::string command = "./vitrine check " + runner::chapter_of(part.part) +
                                        " --case '" + part.case_file + "'";
            ImGui::SetClipboardText(command.c_str());
            context.wishes.toast = context.say("Copied. It replays exactly this call.",
                                               "복사했어요. 바로 이 호출을 다시 돌려요.");
        }
        ImGui::PopID();
    }
    ImGui::PopTextWrapPos();
}

}  // namespace vitrine::viz

#include "viz/views/gradients.h"

#include <algorithm>
#include <filesystem>

#include "chapters/runner/workspace.h"
#include "viz/app/learner_run.h"
#include "viz/views/gradients_parts.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"

namespace vitrine::viz {

namespace {

/// The matrix in which all functions together are the furthest from the library's.
Index worst_row(const GradientReport& report) {
    Index worst = 0;
    for (std::size_t r = 1; r < report.rows.size(); ++r) {
        const GradientRow& row = report.rows[r];
        const double most = report.rows[static_cast<std::size_t>(worst)].errors.front();
        if (row.shape[0] > 1 && row.errors.front() > most) worst = static_cast<Index>(r);
    }
    return worst;
}

/// Asks for the report of the present files; a save makes a new one.
void refresh(ViewContext& context, GradientsMemory& memory) {
    if (ImGui::GetTime() >= memory.look_at) {
        memory.look_at = ImGui::GetTime() + 0.5;
        memory.saved = newest_save();
        std::error_code none;
        memory.started =
            std::filesystem::exists(runner::workspace_folder() / "10_training.cpp", none);
    }
    if (memory.parts == "mine" && !memory.started) {
        memory.report = nullptr;
        return;
    }
    const std::string parts = memory.parts;
    const auto answer = context.background.ask<GradientReport>(
        "gradients", memory.saved * 2 + (parts == "mine" ? 1 : 0),
        [parts](const std::stop_token& stop) {
            return std::make_shared<const GradientReport>(run_gradients(parts, stop));
        });
    memory.busy = answer.busy;
    memory.problem = answer.problem;
    if (answer.value == memory.report) return;
    memory.report = answer.value;
    const auto rows = memory.report ? static_cast<Index>(memory.report->rows.size()) : 0;
    const auto columns = memory.report ? static_cast<Index>(memory.report->columns.size()) : 1;
    memory.row = std::min(memory.row, rows - 1);
    if (memory.row < 0 && rows > 0) memory.row = worst_row(*memory.report);
    memory.column = std::clamp<Index>(memory.column, 0, std::max<Index>(0, columns - 1));
}

void draw_verdict(ViewContext& context, const GradientReport& report) {
    const Theme& theme = context.theme;
    const auto line = [&](ImU32 colour, const std::string& text) {
        ImGui::PushFont(theme.fonts.bold);
        wrapped(text, colour);
        ImGui::PopFont();
    };
    if (!report.problem.empty()) {
        line(theme.bad, report.problem);
        return;
    }
    if (report.columns.size() == 1) {
        line(theme.text,
             context.say("None of the functions is written yet: the library's stand in.",
                         "아직 쓴 함수가 없어요. 라이브러리의 함수가 대신해요."));
        return;
    }
    if (report.equal()) {
        line(theme.good, context.say("Every gradient is right.", "모든 기울기가 맞아요."));
        return;
    }
    std::string names;
    for (const std::string& name : report.wrong()) names += (names.empty() ? "" : ", ") + name;
    line(theme.bad, context.say("Wrong by itself: ", "따로 봐도 틀린 함수: ") + names);
}

void draw_choice(ViewContext& context, GradientsMemory& memory) {
    const Theme& theme = context.theme;
    const char* names[] = {context.say("Mine", "내 것"), context.say("Chapter", "장")};
    int chosen = memory.parts == "mine" ? 0 : 1;
    if (segmented(theme, "whose", names, chosen)) memory.parts = chosen == 0 ? "mine" : "chapters";
    if (memory.report && memory.report->problem.empty()) {
        ImGui::SameLine(0.0F, 3.0F * theme.unit);
        ImGui::AlignTextToFramePadding();
        draw_verdict(context, *memory.report);
    }
    if (!memory.busy) return;
    ImGui::SameLine(0.0F, 3.0F * theme.unit);
    ImGui::AlignTextToFramePadding();
    ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(theme.muted), "%s",
                       context.say("computing ...", "계산하는 중 ..."));
}

/// Why there is no table. False if there is one.
bool draw_without_report(ViewContext& context, GradientsMemory& memory) {
    const Theme& theme = context.theme;
    if (memory.report && memory.report->problem.empty()) return false;
    if (memory.report) {
        draw_verdict(context, *memory.report);
    } else if (memory.parts == "mine" && !memory.started) {
        explain(theme,
                context.say("You have not started chapter 10 yet: open it at the left and "
                            "press Start below its lesson. Until then, look at the "
                            "chapter's own functions.",
                            "아직 10장을 시작하지 않았어요. 왼쪽에서 10장을 열고 본문 아래의 "
                            "시작을 누르세요. 그때까지는 장의 함수를 살펴보세요."));
    } else {
        explain(theme, memory.problem.empty()
                           ? context.say("Your file is compiled, and the gradients are computed in "
                                         "a process of their own.",
                                         "파일을 컴파일하고, 기울기를 따로 계산하고 있어요.")
                           : memory.problem.c_str());
    }
    return true;
}

}  // namespace

void draw_gradients(ViewContext& context) {
    const Theme& theme = context.theme;
    auto& memory = context.memory.of<GradientsMemory>();
    refresh(context, memory);
    if (!memory.mine) {  // the curves need the room
        explain(
            theme,
            context.say("A model of 20,000 parameters reads Shakespeare, and your functions work "
                        "out the gradient of each parameter. Green: as the library's, but for "
                        "rounding. The first column has all of your functions together; the "
                        "others have one at a time, so they show which one is at fault.",
                        "파라미터 2만 개짜리 모델이 셰익스피어를 읽고, 내 함수가 파라미터마다 "
                        "기울기를 구해요. 초록은 반올림만 빼면 라이브러리와 같다는 뜻이에요. 첫 "
                        "칸은 내 함수를 모두 함께 쓴 것이고, 나머지 칸은 하나씩만 쓴 것이라 어느 "
                        "함수가 틀렸는지 알 수 있어요."));
    }
    draw_choice(context, memory);
    if (!draw_without_report(context, memory)) {
        const float gap = 6.0F * theme.unit, room = ImGui::GetContentRegionAvail().x;
        const bool narrow = room < 150.0F * theme.unit;
        const float side = narrow ? 0.0F : std::min(72.0F * theme.unit, 0.28F * room);
        const ImVec2 at = ImGui::GetCursorPos();
        ImGui::BeginGroup();
        draw_gradient_table(context, memory, room - (side > 0 ? side + gap : 0));
        ImGui::EndGroup();
        const float height = ImGui::GetItemRectSize().y;
        if (side > 0) {
            ImGui::SetCursorPos({at.x + room - side, at.y});
            ImGui::BeginGroup();
            draw_gradient_entries(context, memory, {side, height});
            ImGui::EndGroup();
            ImGui::SetCursorPos({at.x, at.y + height});
        }
    }
    ImGui::Dummy({0.0F, theme.unit});
    const ImVec2 rest = ImGui::GetContentRegionAvail();
    draw_gradient_training(context, memory, {rest.x, std::max(56.0F * theme.unit, rest.y)});
}

}  // namespace vitrine::viz

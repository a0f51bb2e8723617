// The lower half of the gradients view: the tiny model learns, by the learner's functions and by
// the library's.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/app/displayable.h"
#include "viz/views/gradients_parts.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

/// What has come since the last frame.
void take(CharacterRun* run, std::vector<Real>& curve) {
    if (run == nullptr || !run->take()) return;
    curve = smoothed(run->log().losses);
    const auto broken =
        std::find_if(curve.begin(), curve.end(), [](Real loss) { return !std::isfinite(loss); });
    curve.erase(broken, curve.end());  // from there on it is not a number
}

bool running(const std::unique_ptr<CharacterRun>& run) {
    return run && run->running();
}

void start(GradientsMemory& memory) {
    memory.mine.reset();
    memory.library.reset();
    memory.mine_curve.clear();
    memory.library_curve.clear();
    memory.trained = memory.parts;
    memory.mine = std::make_unique<CharacterRun>(memory.parts, character_steps);
    memory.library = std::make_unique<CharacterRun>("fast", character_steps);
}

void draw_buttons(ViewContext& context, GradientsMemory& memory) {
    const Theme& theme = context.theme;
    const bool on = running(memory.mine) || running(memory.library);
    const bool paused = memory.mine && memory.mine->paused();
    const bool can_start = memory.parts != "mine" || memory.started;
    if (!on) {
        if (action_button(theme, context.say("Train", "학습하기"), true, can_start)) start(memory);
    } else {
        if (action_button(theme, paused ? context.say("Go on", "이어서 하기")
                                        : context.say("Pause", "잠깐 멈춤"))) {
            memory.mine->pause(!paused);
            memory.library->pause(!paused);
        }
        ImGui::SameLine(0.0F, 1.5F * theme.unit);
        if (action_button(theme, context.say("Stop", "그만하기"))) {
            memory.mine->stop();
            memory.library->stop();
        }
    }
    if (!memory.mine) return;
    const CharacterLog& log = memory.mine->log();
    char text[160];
    std::snprintf(text, sizeof text,
                  context.say("step %d of %d, %.0f s", "%2$d걸음 가운데 %1$d걸음, %3$.0f초"),
                  static_cast<int>(log.losses.size()), static_cast<int>(character_steps),
                  log.seconds);
    ImGui::SameLine(0.0F, 3.0F * theme.unit);
    ImGui::AlignTextToFramePadding();
    ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(theme.muted), "%s", text);
}

void draw_loss(ViewContext& context, GradientsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    const ImU32 quiet = theme.muted;
    const Curve curves[] = {
        {memory.library_curve, quiet, context.say("library", "라이브러리"), 1.0F},
        {memory.mine_curve, theme.accent,
         memory.trained == "mine" ? context.say("mine", "내 것") : context.say("chapter", "장"),
         0.4F}};
    CurvesInput input;
    input.id = "losses";
    input.curves = curves;
    input.count = character_steps;
    input.low = 1.5F;
    input.high = 4.5F;
    input.x_title = context.say("step", "걸음");
    input.y_title = context.say("loss, mean of 50 steps", "손실, 50걸음 평균");
    input.size = size;
    const CurvesAnswer answer = draw_curves(theme, input, memory.curves);
    if (answer.seen < 0) return;
    begin_curve_card(theme, answer);
    char text[32];
    std::snprintf(text, sizeof text, context.say("step %d", "%d걸음"),
                  static_cast<int>(answer.seen) + 1);
    card_heading(theme, text);
    for (const Curve& curve : curves) {
        const auto at = static_cast<std::size_t>(answer.seen);
        if (at >= curve.values.size()) continue;
        std::snprintf(text, sizeof text, "%.3f", static_cast<double>(curve.values[at]));
        card_row(theme, curve.name.c_str(), text, 28.0F * theme.unit);
    }
    end_card();
}

void draw_sample(ViewContext& context, const CharacterRun& run, const char* title, float width) {
    const Theme& theme = context.theme;
    ImGui::BeginGroup();
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
    std::string heading = title;
    if (run.log().sample_step >= 0) {
        heading += context.language == Language::korean ? ", " : ", after step ";
        heading += std::to_string(run.log().sample_step + 1);
        if (context.language == Language::korean) heading += "걸음 뒤";
    }
    small_heading(theme, heading);
    const std::string problem = run.problem();
    if (!problem.empty()) {
        ImGui::PushStyleColor(ImGuiCol_Text, theme.bad);
        ImGui::TextUnformatted(problem.c_str());
        ImGui::PopStyleColor();
    } else {
        ImGui::PushFont(theme.fonts.mono);
        ImGui::TextUnformatted(displayable(run.log().sample).c_str());
        ImGui::PopFont();
    }
    ImGui::PopTextWrapPos();
    ImGui::EndGroup();
}

}  // namespace

void draw_gradient_training(ViewContext& context, GradientsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    take(memory.mine.get(), memory.mine_curve);
    take(memory.library.get(), memory.library_curve);
    if (running(memory.mine) || running(memory.library)) context.wishes.animate = true;
    draw_buttons(context, memory);
    if (!memory.mine) {
        explain(theme, context.say("Train the model from random numbers, by your functions and by "
                                   "the library's, on the same batches: the loss of both, and what "
                                   "they write. It takes less than a minute.",
                                   "무작위 수에서 시작해 같은 배치로 모델을 학습해요. 하나는 내 "
                                   "함수로, 하나는 라이브러리의 함수로요. 둘의 손실과 둘이 쓴 글을 "
                                   "나란히 볼 수 있어요. 1분도 안 걸려요."));
        return;
    }
    const float left = ImGui::GetCursorPosX();
    const bool narrow = size.x < 150.0F * theme.unit;
    const float plot = narrow ? size.x : 0.52F * size.x;
    const float top = ImGui::GetCursorPosY();
    draw_loss(context, memory, {plot, std::max(36.0F * theme.unit, size.y - 14.0F * theme.unit)});
    const float gap = 4.0F * theme.unit;
    const float width = narrow ? 0.5F * (size.x - gap) : 0.5F * (size.x - plot - 2.0F * gap);
    if (!narrow) ImGui::SetCursorPos({left + plot + gap, top});
    draw_sample(context, *memory.mine,
                memory.trained == "mine" ? context.say("Yours writes", "내 모델이 쓴 글")
                                         : context.say("The chapter's writes", "장의 모델이 쓴 글"),
                width);
    ImGui::SameLine(0.0F, gap);
    draw_sample(context, *memory.library,
                context.say("The library's writes", "라이브러리의 모델이 쓴 글"), width);
}

}  // namespace vitrine::viz

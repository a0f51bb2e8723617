// What a run is doing, and what can be done with it.
#include <cmath>
#include <cstdio>

#include "viz/app/displayable.h"
#include "viz/views/training_parts.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

const char* state_name(const ViewContext& context, RunState state) {
    switch (state) {
        case RunState::starting: return context.say("starting", "시작하는 중");
        case RunState::running: return context.say("learning", "배우는 중");
        case RunState::ending: return context.say("writing a checkpoint", "체크포인트를 쓰는 중");
        case RunState::paused: return context.say("paused", "잠깐 멈춤");
        case RunState::stopped: return context.say("stopped", "그만둠");
        case RunState::finished: return context.say("finished", "다 배웠어요");
        case RunState::failed: return context.say("failed", "문제가 생겼어요");
        case RunState::cut_off: return context.say("cut off", "중간에 끊겼어요");
        case RunState::recorded: return context.say("recorded", "미리 해 둔 학습");
    }
    return "";
}

ImU32 state_colour(const Theme& theme, RunState state) {
    switch (state) {
        case RunState::failed: return theme.bad;
        case RunState::finished: return theme.good;
        case RunState::starting:
        case RunState::running:
        case RunState::ending: return theme.accent;
        default: return theme.text;
    }
}

/// "1 min 20 s"
std::string time_text(const ViewContext& context, double seconds) {
    const auto whole = std::lround(seconds);
    char text[48];
    if (whole < 60) {
        std::snprintf(text, sizeof text, context.say("%ld s", "%ld초"), whole);
    } else {
        std::snprintf(text, sizeof text, context.say("%ld min %ld s", "%ld분 %ld초"), whole / 60,
                      whole % 60);
    }
    return text;
}

/// "step 240 of 600 · 12,300 tokens a second · 20 s left"
std::string progress_text(const ViewContext& context, const TrainingSnapshot& snapshot) {
    const TrainingLog& log = snapshot.log;
    const bool korean = context.language == Language::korean;
    if (log.total_steps == 0) return {};
    const std::string done = count_text(log.last_step()), total = count_text(log.total_steps);
    std::string text =
        korean ? total + "걸음 가운데 " + done + "걸음" : "step " + done + " of " + total;
    text += " · " + count_text(log.parameters) + (korean ? "개 파라미터" : " parameters");
    if (log.steps.empty() || snapshot.state != RunState::running) return text;
    const LoggedStep& last = log.steps.back();
    text += " · " + count_text(static_cast<Index>(last.tokens_per_second));
    text += korean ? "토큰/초" : " tokens a second";
    const double left = last.seconds / static_cast<double>(last.step) *
                        static_cast<double>(log.total_steps - last.step);
    text += " · " + time_text(context, left) + (korean ? " 남음" : " left");
    return text;
}

/// What the learner should know about the state it is in; may be empty.
std::string state_note(const ViewContext& context, const TrainingSnapshot& snapshot) {
    const bool korean = context.language == Language::korean;
    const std::string last = count_text(snapshot.resumes_at);
    switch (snapshot.state) {
        case RunState::failed: return displayable(snapshot.problem);
        case RunState::running:
            return korean
                       ? "창을 닫아도 계속 배워요. 모두 이 폴더에 남아요."
                       : "It goes on when you close this window. All of it is kept in this folder:";
        case RunState::paused:
        case RunState::stopped:
            if (snapshot.resumes_at == 0) break;
            return korean ? last +
                                "걸음에서 체크포인트를 썼어요. 이어서 하면 멈추지 않았을 때와 "
                                "똑같은 수가 "
                                "나와요."
                          : "A checkpoint of step " + last +
                                " is there. Go on, and the numbers are those of a run that never "
                                "paused.";
        case RunState::cut_off:
            return korean
                       ? "프로세스가 말없이 끝났어요. 강제로 끝났거나 전원이 꺼졌을 거예요. 이어서 "
                         "하면 " +
                             last + "걸음 체크포인트에서 똑같이 다시 시작해요."
                       : "The process ended without a word: it was killed, or the power went. It "
                         "goes on from the checkpoint of step " +
                             last + ", and what came after is computed again, the same.";
        default: break;
    }
    return {};
}

void act(TrainingMemory& memory, RunWish wish) {
    try {
        if (wish == RunWish::go_on) {
            go_on_training(memory.place.folder);
            memory.step = -1;
        } else {
            end_training(memory.place.folder, wish);
        }
        memory.problem.clear();
    } catch (const std::exception& failure) {
        memory.problem = failure.what();
    }
    memory.look_at = -10;
}

void draw_buttons(ViewContext& context, TrainingMemory& memory, RunState state) {
    const Theme& theme = context.theme;
    const bool works = state == RunState::starting || state == RunState::running;
    const bool rests = state == RunState::paused || state == RunState::stopped ||
                       state == RunState::failed || state == RunState::cut_off;
    if (works) {
        if (action_button(theme, context.say("Pause", "잠깐 멈춤"), true))
            act(memory, RunWish::pause);
        hover_note(context.theme,
                   context.say("Writes a checkpoint and lets the process end: nothing is lost, "
                               "even if the computer "
                               "is "
                               "switched off. Going on gives the same numbers, bit for bit.",
                               "체크포인트를 쓰고 프로세스를 끝내요. 컴퓨터를 꺼도 잃는 것이 "
                               "없고, 이어서 하면 비트 "
                               "하나까지 "
                               "똑같은 수가 나와요."));
        ImGui::SameLine(0.0F, 1.5F * theme.unit);
        if (action_button(theme, context.say("Stop", "그만하기"))) act(memory, RunWish::stop);
        hover_note(
            context.theme,
            context.say(
                "The same, and the run is marked as stopped. You can still go on with it later.",
                "똑같이 하고, 그만둔 것으로 적어 둬요. 나중에 이어서 할 수도 있어요."));
    } else if (state == RunState::ending) {
        action_button(theme, context.say("Pause", "잠깐 멈춤"), false, false);
    } else if (rests) {
        if (action_button(theme, context.say("Go on", "이어서 하기"), true))
            act(memory, RunWish::go_on);
        hover_note(context.theme, context.say("Starts the process again, from the last checkpoint.",
                                              "마지막 체크포인트에서 프로세스를 다시 시작해요."));
    }
    if (works || rests || state == RunState::ending) ImGui::SameLine(0.0F, 3.0F * theme.unit);
}

}  // namespace

void draw_training_state(ViewContext& context, TrainingMemory& memory) {
    const Theme& theme = context.theme;
    const TrainingSnapshot& snapshot = *memory.snapshot;
    draw_buttons(context, memory, snapshot.state);
    ImGui::AlignTextToFramePadding();
    ImGui::PushFont(theme.fonts.bold);
    ImGui::PushStyleColor(ImGuiCol_Text, state_colour(theme, snapshot.state));
    ImGui::TextUnformatted(state_name(context, snapshot.state));
    ImGui::PopStyleColor();
    ImGui::PopFont();
    ImGui::SameLine(0.0F, 2.0F * theme.unit);
    ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(theme.muted), "%s",
                       progress_text(context, snapshot).c_str());
    if (ImGui::IsItemHovered()) {
        begin_card(theme);
        card_heading(theme, snapshot.place.name);
        const float column = 40.0F * theme.unit;
        card_row(theme, context.say("Documents", "문서"), count_text(snapshot.log.documents),
                 column);
        card_row(theme, context.say("Tokens to learn from", "배울 토큰"),
                 count_text(snapshot.log.training_tokens), column);
        if (snapshot.process != 0) {
            card_row(theme, context.say("Process", "프로세스"), std::to_string(snapshot.process),
                     column);
        }
        card_note(theme, snapshot.place.folder.string(), 100.0F * theme.unit);
        end_card();
    }
    const auto line = [&](const std::string& text, ImU32 colour) {
        if (!text.empty()) wrapped(text, colour);
    };
    line(state_note(context, snapshot),
         snapshot.state == RunState::failed ? theme.bad : theme.muted);
    line(displayable(memory.problem), theme.bad);
    caption(theme, displayable(snapshot.place.folder.string()), ImGui::GetContentRegionAvail().x);
}

}  // namespace vitrine::viz

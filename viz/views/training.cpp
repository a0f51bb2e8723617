#include "viz/views/training.h"

#include <algorithm>

#include "viz/app/dropped_file.h"
#include "viz/views/training_parts.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"

namespace vitrine::viz {

namespace {

constexpr std::size_t most_runs = 8;  // that have a button

bool is_live(RunState state) {
    return state == RunState::starting || state == RunState::running || state == RunState::ending;
}

/// Takes what the folder says, a few times a second while a process works there.
void look(ViewContext& context, TrainingMemory& memory) {
    if (!memory.reader) memory.reader = std::make_shared<RunReader>(memory.place);
    const double now = ImGui::GetTime();
    if (now >= memory.look_at) {
        const bool live = memory.snapshot && is_live(memory.snapshot->state);
        memory.look_at = now + (live ? 0.3 : 1.0);
        ++memory.looks;
    }
    const auto answer = context.background.ask<TrainingSnapshot>(
        "training", memory.looks,
        [reader = memory.reader](const std::stop_token&) { return reader->read(); });
    if (answer.busy) context.wishes.animate = true;
    if (!answer.value || answer.value->place != memory.place) return;
    memory.snapshot = answer.value;
    if (!memory.choosing || memory.place != RunPlace{}) return;
    memory.choosing = false;
    if (!memory.snapshot->runs.empty()) choose_run(memory, memory.snapshot->runs.front());
}

void take_dropped(ViewContext& context, TrainingMemory& memory) {
    std::string& dropped = context.memory.of<DroppedFile>().path;
    if (dropped.empty()) return;
    TrainingForm& form = memory.form;
    form.path.set(dropped);
    form.text = 1;
    memory.shows_form = true;
    dropped.clear();
}

/// A button for each run, and one for a new one.
void draw_runs(ViewContext& context, TrainingMemory& memory) {
    const Theme& theme = context.theme;
    const char* fresh = context.say("New run", "새로 학습하기");
    if (action_button(theme, fresh, memory.shows_form)) memory.shows_form = true;
    const std::vector<RunPlace> runs = memory.snapshot->runs;  // choosing lets go of the snapshot
    std::size_t count = 0;
    for (const RunPlace& run : runs) {
        const bool chosen = !memory.shows_form && run == memory.place;
        if (!run.recorded && ++count > most_runs && !chosen) continue;
        same_line_if_fits(theme, button_width(run.name.c_str()));
        ImGui::PushID(run.folder.c_str());
        if (action_button(theme, run.name.c_str(), chosen)) choose_run(memory, run);
        ImGui::PopID();
        if (!ImGui::IsItemHovered()) continue;
        begin_card(theme);
        card_heading(theme, run.name);
        if (run.recorded) {
            card_note(theme,
                      context.say("Recorded: it came with the program.",
                                  "프로그램과 함께 온, 미리 해 둔 학습이에요."),
                      80.0F * theme.unit);
        }
        card_note(theme, run.folder.string(), 100.0F * theme.unit);
        end_card();
    }
}

void draw_run(ViewContext& context, TrainingMemory& memory) {
    const Theme& theme = context.theme;
    draw_training_state(context, memory);
    if (memory.snapshot->log.steps.empty()) {
        if (is_live(memory.snapshot->state)) {
            draw_state(
                theme, context.say("The text is being read", "글을 읽고 있어요"),
                context.say("Its tokens are learnt and counted; then the first step is taken.",
                            "토큰을 배우고 센 다음 첫걸음을 떼요."),
                theme.muted);
        }
        return;
    }
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float gap = 5.0F * theme.unit;
    const bool narrow = room.x < 150.0F * theme.unit;
    const float upper = std::max(64.0F * theme.unit, 0.4F * room.y);
    if (narrow) {
        draw_training_curves(context, memory, {room.x, upper});
        draw_training_layers(context, memory, {room.x, upper});
    } else {
        const float width = 0.52F * (room.x - gap);
        const ImVec2 at = ImGui::GetCursorPos();
        draw_training_curves(context, memory, {width, upper});
        ImGui::SetCursorPos({at.x + width + gap, at.y});
        ImGui::BeginGroup();
        draw_training_layers(context, memory, {room.x - width - gap, upper});
        ImGui::EndGroup();
        ImGui::SetCursorPos({at.x, at.y + upper + ImGui::GetStyle().ItemSpacing.y});
    }
    draw_training_track(context, memory);
    const float lower = std::max(64.0F * theme.unit, ImGui::GetContentRegionAvail().y);
    draw_training_moment(context, memory, {room.x, lower});
}

}  // namespace

Index chosen_model(const TrainingMemory& memory) {
    if (!memory.snapshot || memory.snapshot->models.empty()) return -1;
    const auto& models = memory.snapshot->models;
    if (memory.step >= 0) {
        for (std::size_t i = models.size(); i-- > 0;)
            if (models[i].step <= memory.step) return static_cast<Index>(i);
        return 0;
    }
    return static_cast<Index>(models.size()) - 1;
}

Index shown_step(const TrainingMemory& memory) {
    const Index chosen = chosen_model(memory);
    if (memory.step < 0 || chosen < 0)
        return memory.snapshot ? memory.snapshot->log.last_step() : 0;
    return memory.snapshot->models[static_cast<std::size_t>(chosen)].step;
}

void choose_model(TrainingMemory& memory, Index index) {
    const auto& models = memory.snapshot->models;
    const bool newest = index + 1 == static_cast<Index>(models.size());
    memory.step = newest ? -1 : models[static_cast<std::size_t>(index)].step;
}

void choose_run(TrainingMemory& memory, const RunPlace& place) {
    memory.place = place;
    memory.shows_form = memory.choosing = memory.playing = false;
    memory.reader = nullptr;
    memory.snapshot = nullptr;
    memory.moment = nullptr;
    memory.moment_problem.clear();
    memory.problem.clear();
    memory.step = -1;
    memory.look_at = -10;
}

void draw_training(ViewContext& context) {
    const Theme& theme = context.theme;
    auto& memory = context.memory.of<TrainingMemory>();
    take_dropped(context, memory);
    look(context, memory);
    if (!memory.snapshot) {
        draw_state(
            theme, context.say("Looking into the folder", "폴더를 살펴보고 있어요"),
            memory.place.folder.empty() ? runs_folder().string() : memory.place.folder.string(),
            theme.muted);
        return;
    }
    draw_runs(context, memory);
    if (!memory.snapshot) return;  // another run was chosen just now
    ImGui::Dummy({0.0F, 0.5F * theme.unit});
    if (memory.shows_form || memory.place.folder.empty()) {
        explain(theme,
                context.say(
                    "A model learns a text, from random numbers on. It is trained in a process "
                    "of its own: it goes on when you close this window, and is found here "
                    "again.",
                    "모델이 무작위 수에서 시작해 글을 배워요. 학습은 따로 도는 프로세스가 하니까 "
                    "창을 닫아도 계속되고, 다시 열면 여기에 그대로 있어요."));
        draw_training_form(context, memory);
    } else {
        draw_run(context, memory);
    }
}

}  // namespace vitrine::viz

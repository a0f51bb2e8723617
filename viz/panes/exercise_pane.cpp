// The exercise of the chosen chapter: start, hints, check, and what came out.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <future>

#include "chapters/runner/checker.h"
#include "chapters/runner/part_case.h"
#include "chapters/runner/process.h"
#include "io/json.h"
#include "viz/app/displayable.h"
#include "viz/app/panes.h"
#include "viz/panes/pane_memory.h"
#include "viz/reader/reader.h"
#include "viz/widgets/controls.h"

namespace vitrine::viz {

using namespace vitrine::runner;

namespace {

struct ExerciseMemory {
    std::string chapter;
    std::string checking;  // the chapter whose file is being checked
    std::future<CheckResult> running;
    std::stop_source stop;
    CheckResult result;
    bool has_result = false, asks_reset = false, on_save = false, shows_solution = false;
    std::filesystem::file_time_type checked{};
    std::string problem, solution;
    Texture expected, got, difference;
    std::size_t pictured = SIZE_MAX;  // case whose tensors the textures show
    bool dark = false;                // theme that they were painted for

    ~ExerciseMemory() { stop.request_stop(); }
};

bool is_running(const ExerciseMemory& memory) {
    return memory.running.valid();
}

void start_check(ExerciseMemory& memory, const Chapter& chapter) {
    memory.stop = std::stop_source();
    memory.problem.clear();
    std::error_code error;
    memory.checked = std::filesystem::last_write_time(exercise_file(chapter), error);
    memory.checking = chapter.id;
    memory.running = std::async(std::launch::async, [chapter, stop = memory.stop.get_token()] {
        return check(chapter, exercise_file(chapter), {}, stop);
    });
}

void take_result(ExerciseMemory& memory, const Chapter& chapter) {
    if (!is_running(memory) ||
        memory.running.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
        return;
    try {
        memory.result = memory.running.get();
        if (memory.checking != chapter.id) return;  // the learner has gone to another chapter
        memory.has_result = true;
        memory.pictured = SIZE_MAX;
        if (memory.result.verdict == Verdict::passed) {
            Progress progress = progress_of(chapter);
            progress.state = ExerciseState::passed;
            write_progress(chapter, progress);
        }
    } catch (const std::exception& problem) {
        memory.problem = problem.what();
    }
}

/// Carries out something that may fail, and keeps its message.
template <class Action>
void attempt(ExerciseMemory& memory, Action action) {
    try {
        memory.problem.clear();
        action();
    } catch (const std::exception& problem) {
        memory.problem = problem.what();
    }
}

const char* verdict_text(const ViewContext& view, Verdict verdict) {
    switch (verdict) {
        case Verdict::passed: return view.say("Passed", "통과했어요");
        case Verdict::failed: return view.say("Not yet", "아직이에요");
        case Verdict::compile_error: return view.say("It does not compile", "컴파일되지 않아요");
        case Verdict::crashed: return view.say("It crashed", "실행하다가 죽었어요");
        case Verdict::timed_out: return view.say("It does not end", "끝나지 않아요");
        case Verdict::out_of_memory:
            return view.say("It takes too much memory", "메모리를 너무 많이 써요");
        case Verdict::no_result:
            return view.say("It ended without a result", "결과를 내지 않고 끝났어요");
        case Verdict::stopped: return view.say("Stopped", "멈췄어요");
    }
    return "";
}

void coloured(ImU32 colour, const std::string& text) {
    ImGui::PushStyleColor(ImGuiCol_Text, colour);
    ImGui::TextWrapped("%s", displayable(text).c_str());
    ImGui::PopStyleColor();
}

/// A tensor as one picture: its last dimension across, all others down.
Image picture(const Theme& theme, const Values& values, double scale, bool diverging) {
    const int width = values.shape.empty() ? 1 : static_cast<int>(values.shape.back());
    const int height = width > 0 ? static_cast<int>(values.values.size()) / width : 0;
    Image image(std::max(1, width), std::max(1, height), theme.bad);
    for (std::size_t i = 0; i < values.values.size() && i < image.pixels.size(); ++i) {
        const auto value = static_cast<float>(values.values[i] / scale);
        if (!std::isfinite(value)) continue;  // shows in the error colour
        image.pixels[i] = diverging ? theme.diverging(value) : theme.heat(std::abs(value));
    }
    return image;
}

void draw_heatmaps(ViewContext& view, ExerciseMemory& memory, std::size_t index) {
    const CaseResult& failing = memory.result.cases[index];
    const Theme& theme = view.theme;
    Values difference = failing.got;
    double largest = 1e-12, worst = 1e-12;
    for (std::size_t i = 0; i < difference.values.size(); ++i) {
        const double expected = failing.expected.values[i];
        difference.values[i] = failing.got.values[i] == expected  // both may be minus infinity
                                   ? 0
                                   : failing.got.values[i] - expected;
        if (std::isfinite(expected)) largest = std::max(largest, std::abs(expected));
        if (std::isfinite(difference.values[i]))
            worst = std::max(worst, std::abs(difference.values[i]));
    }
    if (memory.pictured != index || memory.dark != theme.dark) {
        memory.pictured = index;
        memory.dark = theme.dark;
        memory.expected.set(view.memory.device(), picture(theme, failing.expected, largest, true));
        memory.got.set(view.memory.device(), picture(theme, failing.got, largest, true));
        memory.difference.set(view.memory.device(), picture(theme, difference, worst, false));
    }
    const float width = (ImGui::GetContentRegionAvail().x - 4 * theme.unit) / 3;
    const auto draw = [&](const char* label, const Texture& texture, const Values& values) {
        ImGui::BeginGroup();
        ImGui::PushFont(theme.fonts.small);
        ImGui::TextUnformatted(label);
        ImGui::PopFont();
        const Image& image = texture.image();
        const float cell = std::min(width / static_cast<float>(image.width),
                                    120 * theme.scale / static_cast<float>(image.height));
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImGui::Image(texture.id(), {cell * static_cast<float>(image.width),
                                    cell * static_cast<float>(image.height)});
        if (ImGui::IsItemHovered()) {
            const ImVec2 mouse = ImGui::GetIO().MousePos;
            const auto x = static_cast<std::size_t>((mouse.x - at.x) / cell),
                       y = static_cast<std::size_t>((mouse.y - at.y) / cell);
            const std::size_t i = y * static_cast<std::size_t>(image.width) + x;
            if (i < values.values.size())
                ImGui::SetTooltip("[%zu, %zu]  %.5f", y, x, values.values[i]);
        }
        ImGui::EndGroup();
    };
    draw(view.say("expected", "기대한 값"), memory.expected, failing.expected);
    ImGui::SameLine();
    draw(view.say("got", "나온 값"), memory.got, failing.got);
    ImGui::SameLine();
    draw(view.say("difference", "차이"), memory.difference, difference);
}

void draw_result(ViewContext& view, ExerciseMemory& memory, const Chapter& chapter) {
    const Theme& theme = view.theme;
    const CheckResult& result = memory.result;
    const bool korean = view.language == Language::korean;
    const bool passed = result.verdict == Verdict::passed;
    ImGui::PushFont(theme.fonts.bold);
    coloured(passed ? theme.good : theme.bad, verdict_text(view, result.verdict));
    ImGui::PopFont();
    const bool several = chapter.exercises.size() > 1;
    for (const std::string& name : result.mistakes) {
        const Mistake& mistake = chapter.mistakes.at(name);
        coloured(theme.text,
                 (several ? mistake.exercise + ": " : "") + mistake.sentence.in(korean));
    }
    if (!result.detail.english.empty()) {
        ImGui::PushFont(theme.fonts.mono);
        coloured(theme.muted, result.detail.in(korean));
        ImGui::PopFont();
    }
    std::size_t failing = SIZE_MAX;
    for (std::size_t i = 0; i < result.cases.size(); ++i) {
        const CaseResult& each = result.cases[i];
        if (several && (i == 0 || each.exercise != result.cases[i - 1].exercise)) {
            ImGui::PushFont(theme.fonts.bold);
            ImGui::TextUnformatted(each.exercise.c_str());
            ImGui::PopFont();
        }
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float size = ImGui::GetFontSize();
        ImGui::GetWindowDrawList()->AddCircleFilled({at.x + theme.unit * 1.5F, at.y + size / 2},
                                                    theme.unit,
                                                    each.passed ? theme.good : theme.bad);
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() + 5 * theme.unit);
        ImGui::TextWrapped("%s", displayable(each.name.in(korean)).c_str());
        if (!each.message.english.empty()) coloured(theme.muted, each.message.in(korean));
        if (failing == SIZE_MAX && each.has_difference()) failing = i;
    }
    if (failing != SIZE_MAX) {
        coloured(theme.muted, result.cases[failing].name.in(korean));
        draw_heatmaps(view, memory, failing);
    }
}

void draw_hints(ViewContext& view, const Chapter& chapter) {
    const int shown =
        std::min(book(view).progress[chapter.id].hints, static_cast<int>(chapter.hints.size()));
    const bool korean = view.language == Language::korean;
    for (int i = 0; i < shown; ++i) {
        coloured(view.theme.muted, std::to_string(i + 1) + ". " +
                                       chapter.hints[static_cast<std::size_t>(i)].in(korean));
    }
}

void hint_button(ViewContext& view, ExerciseMemory& memory, const Chapter& chapter) {
    const Progress progress = book(view).progress[chapter.id];
    if (progress.hints >= static_cast<int>(chapter.hints.size())) return;
    if (ImGui::Button(view.say("Hint", "힌트"))) {
        attempt(memory, [&] { write_progress(chapter, {progress.state, progress.hints + 1}); });
        book(view).read_at = -10;
    }
    ImGui::SameLine();
}

void draw_buttons(ViewContext& view, ExerciseMemory& memory, const Chapter& chapter) {
    if (is_running(memory)) {
        if (ImGui::Button(view.say("Cancel", "그만두기"))) memory.stop.request_stop();
        ImGui::SameLine();
        const int dots = static_cast<int>(ImGui::GetTime() * 3) % 4;
        ImGui::Text("%s%.*s", view.say("Checking", "확인하고 있어요"), dots, "...");
        return;
    }
    ImGui::PushStyleColor(ImGuiCol_Button, view.theme.accent);
    ImGui::PushStyleColor(ImGuiCol_Text, view.theme.on_accent);
    if (ImGui::Button(view.say("Check", "확인"))) start_check(memory, chapter);
    ImGui::PopStyleColor(2);
    ImGui::SameLine();
    hint_button(view, memory, chapter);
    if (ImGui::Button(view.say("Open file", "파일 열기"))) {
        attempt(memory, [&] { start_program({"xdg-open", exercise_file(chapter).string()}); });
    }
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", exercise_file(chapter).c_str());
    const char* copy = view.say("Copy path", "경로 복사");
    same_line_if_fits(view.theme, button_width(copy));
    if (ImGui::Button(copy)) {
        ImGui::SetClipboardText(exercise_file(chapter).c_str());
        view.wishes.toast = exercise_file(chapter).string();
    }
    same_line_if_fits(view.theme,
                      button_width(view.say("Really begin anew", "정말 처음부터 하기")));
    if (memory.asks_reset) {
        if (ImGui::Button(view.say("Really begin anew", "정말 처음부터 하기"))) {
            attempt(memory, [&] {
                view.wishes.toast =
                    std::string(view.say("Your file is kept as ",
                                         "지금까지 쓴 파일은 여기에 남겨 두었어요: ")) +
                    reset(chapter).string();
            });
            memory.asks_reset = memory.has_result = false;
        }
    } else if (ImGui::Button(view.say("Reset", "처음부터"))) {
        memory.asks_reset = true;
    }
    same_line_if_fits(view.theme,
                      button_width(view.say("on save", "저장할 때마다")) + ImGui::GetFrameHeight());
    ImGui::Checkbox(view.say("on save", "저장할 때마다"), &memory.on_save);
    if (ImGui::IsItemHovered())
        ImGui::SetTooltip(
            "%s", view.say("Check whenever the file is saved", "파일을 저장할 때마다 확인해요"));
}

/// After passing: the learner's code in the model, and one way to write it.
void draw_reward(ViewContext& view, ExerciseMemory& memory, const Chapter& chapter) {
    const Theme& theme = view.theme;
    const bool has_part = std::any_of(chapter.exercises.begin(), chapter.exercises.end(), is_part);
    if (has_part &&
        action_button(theme, view.say("Run it in the model", "모델 안에서 돌려 보기"), true)) {
        view.wishes.choose_parts = "mine";
        view.wishes.open_link = "view:compare";
    }
    const bool trains =
        std::any_of(chapter.exercises.begin(), chapter.exercises.end(), is_training_part);
    if (trains && action_button(theme, view.say("Train with it", "이 함수로 학습해 보기"), true))
        view.wishes.open_link = "view:gradients";
    const char* show = memory.shows_solution ? view.say("Hide the solution", "풀이 감추기")
                                             : view.say("One way to write it", "풀이 하나 보기");
    if (has_part || trains) same_line_if_fits(theme, button_width(show));
    if (action_button(theme, show)) memory.shows_solution = !memory.shows_solution;
    if (!memory.shows_solution) return;
    if (memory.solution.empty()) {
        attempt(memory, [&] {
            memory.solution = read_file((chapter.folder / "solution.cpp").string(), 1U << 20U);
        });
    }
    ImGui::PushFont(theme.fonts.mono);
    ImGui::TextUnformatted(displayable(memory.solution).c_str());
    ImGui::PopFont();
}

}  // namespace

void draw_exercise(PaneContext& context) {
    ViewContext& view = context.view;
    const Theme& theme = view.theme;
    auto& memory = view.memory.of<ExerciseMemory>();
    const Chapter* chapter = book(view).find(context.chapter);
    if (chapter == nullptr) return;
    if (memory.chapter != chapter->id) {
        memory.stop.request_stop();
        memory.chapter = chapter->id;
        memory.has_result = memory.asks_reset = memory.shows_solution = false;
        memory.solution.clear();
    }
    take_result(memory, *chapter);
    ImGui::PushFont(theme.fonts.bold);
    std::string exercises;
    for (const std::string& name : chapter->exercises)
        exercises += (exercises.empty() ? "" : ", ") + name;
    ImGui::TextWrapped("%s: %s", view.say("Exercise", "연습 문제"), exercises.c_str());
    ImGui::PopFont();
    std::error_code error;
    const auto saved = std::filesystem::last_write_time(exercise_file(*chapter), error);
    if (error) {
        coloured(theme.muted, view.say("Write it yourself. Start puts a file into your workspace.",
                                       "직접 써 보세요. 시작을 누르면 작업 폴더에 파일이 생겨요."));
        ImGui::PushStyleColor(ImGuiCol_Button, theme.accent);
        ImGui::PushStyleColor(ImGuiCol_Text, theme.on_accent);
        if (ImGui::Button(view.say("Start", "시작"))) {
            attempt(memory, [&] { view.wishes.toast = start(*chapter).string(); });
        }
        ImGui::PopStyleColor(2);
    } else {
        if (memory.on_save && !is_running(memory) && saved != memory.checked)
            start_check(memory, *chapter);
        draw_buttons(view, memory, *chapter);
        draw_hints(view, *chapter);
        if (book(view).state_of(chapter->id) == ExerciseState::passed)
            draw_reward(view, memory, *chapter);
    }
    if (!memory.problem.empty()) coloured(theme.bad, memory.problem);
    if (memory.has_result) {
        ImGui::Dummy({0, theme.unit});
        draw_result(view, memory, *chapter);
    }
}

}  // namespace vitrine::viz

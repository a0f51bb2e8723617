// The left column: chapters with the learner's state, and models.
#include "chapters/runner/workspace.h"
#include "viz/app/panes.h"
#include "viz/panes/pane_memory.h"

namespace vitrine::viz {

using namespace vitrine::runner;

BookMemory& book(ViewContext& context) {
    auto& memory = context.memory.of<BookMemory>();
    const double now = ImGui::GetTime();
    if (!memory.chapters.empty() && now - memory.read_at < 1.0) return memory;
    memory.read_at = now;
    try {
        if (memory.chapters.empty()) memory.chapters = load_chapters();
        memory.progress = read_progress();
    } catch (const std::exception& problem) {
        memory.problem = problem.what();
    }
    return memory;
}

const Chapter* BookMemory::find(const std::string& id) const {
    for (const Chapter& chapter : chapters) {
        if (chapter.id == id) return &chapter;
    }
    return chapters.empty() ? nullptr : &chapters.front();
}

ExerciseState BookMemory::state_of(const std::string& id) const {
    const auto found = progress.find(id);
    return found == progress.end() ? ExerciseState::not_started : found->second.state;
}

namespace {

void heading(const Theme& theme, const char* text) {
    ImGui::PushFont(theme.fonts.small);
    ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(theme.muted), "%s", text);
    ImGui::PopFont();
}

/// A row that can be chosen: text, and a mark at its right end.
bool row(const Theme& theme, const char* id, const std::string& text, bool chosen, ImU32 mark) {
    const float width = ImGui::GetContentRegionAvail().x;
    const float height = 8 * theme.unit;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::PushID(id);
    const bool pressed = ImGui::InvisibleButton("row", {width, height});
    ImGui::PopID();
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const bool hovered = ImGui::IsItemHovered() || ImGui::IsItemFocused();
    if (chosen || hovered) {
        draw->AddRectFilled(at, {at.x + width, at.y + height},
                            chosen ? theme.surface : theme.raised, theme.radius);
    }
    if (chosen)
        draw->AddRectFilled({at.x, at.y + 2 * theme.unit},
                            {at.x + 0.75F * theme.unit, at.y + height - 2 * theme.unit},
                            theme.accent, 2);
    ImFont* font = chosen ? theme.fonts.bold : theme.fonts.body;
    draw->AddText(font, font->FontSize,
                  {at.x + 3 * theme.unit, at.y + (height - font->FontSize) / 2}, theme.text,
                  text.c_str());
    if (mark != 0)
        draw->AddCircleFilled({at.x + width - 3 * theme.unit, at.y + height / 2}, theme.unit, mark);
    return pressed;
}

}  // namespace

void draw_chapters(PaneContext& context) {
    ViewContext& view = context.view;
    const Theme& theme = view.theme;
    BookMemory& memory = book(view);
    ImGui::PushFont(theme.fonts.title);
    ImGui::TextUnformatted("Vitrine");
    ImGui::PopFont();
    ImGui::Dummy({0, theme.unit});
    heading(theme, view.say("CHAPTERS", "장"));
    if (!memory.problem.empty()) ImGui::TextWrapped("%s", memory.problem.c_str());
    const bool korean = view.language == Language::korean;
    for (const Chapter& chapter : memory.chapters) {
        const ExerciseState state = memory.state_of(chapter.id);
        const ImU32 mark = state == ExerciseState::passed    ? theme.good
                           : state == ExerciseState::started ? theme.accent
                                                             : 0;
        const std::string text = chapter.id.substr(0, 2) + "  " + chapter.title.in(korean);
        if (row(theme, chapter.id.c_str(), text, context.chapter == chapter.id, mark))
            context.chapter = chapter.id;
        if (ImGui::IsItemHovered()) {
            const char* says = state == ExerciseState::passed
                                   ? view.say("exercise passed", "연습 문제 통과")
                               : state == ExerciseState::started
                                   ? view.say("exercise started", "연습 문제 하는 중")
                                   : view.say("exercise not started", "연습 문제 시작 전");
            ImGui::SetTooltip("%s\n%s", chapter.summary.in(korean).c_str(), says);
        }
    }
    ImGui::Dummy({0, 2 * theme.unit});
    heading(theme, view.say("MODEL", "모델"));
    row(theme, "model", context.model_name.empty() ? view.say("none", "없음") : context.model_name,
        true, 0);
    if (ImGui::IsItemHovered() && view.run) {
        const ModelInfo& n = view.run->model->model->info();
        ImGui::SetTooltip(
            view.say("%d layers, %d heads, width %d, %d tokens in its vocabulary\n%.1f million "
                     "parameters, %s",
                     "층 %d개, 헤드 %d개, 너비 %d, 어휘 %d개\n매개변수 %.1f백만 개, %s"),
            static_cast<int>(n.layers), static_cast<int>(n.heads), static_cast<int>(n.width),
            static_cast<int>(n.vocabulary), static_cast<double>(n.parameters) / 1e6,
            n.dtype.c_str());
    }
}

}  // namespace vitrine::viz

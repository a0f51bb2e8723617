// The lesson of the chosen chapter.
#include "viz/app/panes.h"
#include "viz/panes/pane_memory.h"
#include "viz/reader/reader.h"

namespace vitrine::viz {

namespace {

struct LessonMemory {
    Reader reader;
    std::string shown, language;  // chapter; language
    std::string problem;
};

}  // namespace

void draw_lesson(PaneContext& context) {
    ViewContext& view = context.view;
    auto& memory = view.memory.of<LessonMemory>();
    const runner::Chapter* chapter = book(view).find(context.chapter);
    if (chapter == nullptr) {
        ImGui::TextWrapped("%s", view.say("No chapter is there.", "아직 장이 없어요."));
        return;
    }
    const bool korean = view.language == Language::korean;
    const std::string language = korean ? "ko" : "en";
    const bool translated = memory.shown == chapter->id && memory.problem.empty();
    if (memory.shown != chapter->id || memory.language != language) {
        memory.shown = chapter->id;
        memory.language = language;
        memory.problem.clear();
        try {
            Document lesson = load_lesson(chapter->lesson(korean));
            if (translated) {
                memory.reader.open_translation(std::move(lesson));
            } else {
                memory.reader.open(std::move(lesson), chapter->folder);
            }
        } catch (const std::exception& problem) {
            memory.reader.open({}, chapter->folder);
            memory.problem = problem.what();
        }
    }
    if (!memory.problem.empty()) ImGui::TextWrapped("%s", memory.problem.c_str());
    memory.reader.draw(view);
}

}  // namespace vitrine::viz

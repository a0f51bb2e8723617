// The lesson of the chosen chapter.
#include "viz/app/panes.h"
#include "viz/panes/pane_memory.h"
#include "viz/reader/reader.h"

namespace vitrine::viz {

namespace {

struct LessonMemory {
    Reader reader;
    std::string shown;  // chapter and language
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
    const std::string wanted = chapter->id + (korean ? ".ko" : ".en");
    if (memory.shown != wanted) {
        memory.shown = wanted;
        memory.problem.clear();
        try {
            memory.reader.open(load_lesson(chapter->lesson(korean)), chapter->folder);
        } catch (const std::exception& problem) {
            memory.reader.open({}, chapter->folder);
            memory.problem = problem.what();
        }
    }
    if (!memory.problem.empty()) ImGui::TextWrapped("%s", memory.problem.c_str());
    memory.reader.draw(view);
}

}  // namespace vitrine::viz

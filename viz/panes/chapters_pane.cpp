#include "viz/app/panes.h"

namespace vitrine::viz {

void draw_chapters(PaneContext&) {}
void draw_lesson(PaneContext&) {}
void draw_exercise(PaneContext&) {}

}  // namespace vitrine::viz

// A sentence about the last item, while the pointer is on it.
#pragma once

#include "viz/widgets/tooltip.h"

namespace vitrine::viz {

inline void hover_note(const Theme& theme, const char* sentence) {
    if (!ImGui::IsItemHovered()) return;
    begin_card(theme);
    card_note(theme, sentence, 80.0F * theme.unit);
    end_card();
}

}  // namespace vitrine::viz

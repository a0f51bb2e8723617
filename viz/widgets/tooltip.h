// The card that answers to hovering: a heading and rows of a name and a value.
#pragma once

#include <string>

#include "viz/app/theme.h"

namespace vitrine::viz {

/// Begins a card that follows the pointer (or stands at `anchor`); end_card() closes it.
void begin_card(const Theme& theme);
void begin_card_at(const Theme& theme, ImVec2 anchor);
void end_card();

/// Rows inside a card or a panel: a muted name, then the value, aligned in columns.
/// `label_width` is the width of the names' column.
void card_heading(const Theme& theme, const std::string& text);
void card_row(const Theme& theme, const char* name, const std::string& value, float label_width);
void card_note(const Theme& theme, const std::string& text, float wrap_width);

/// A muted line in the small font that wraps at `width`, and a bold one: above a part of a view.
void caption(const Theme& theme, const std::string& text, float width);
void small_heading(const Theme& theme, const std::string& text);

/// A text of that colour; wraps at the width that is left.
void wrapped(const std::string& text, ImU32 colour);
/// A sentence about the last item, while the pointer is on it.
void hover_note(const Theme& theme, const char* sentence);

/// A calm sentence at the top of a view, or under a heading; wraps at the width that is left.
void explain(const Theme& theme, const char* sentence);
/// Centred in what is left of the view: a title and a sentence. For empty, loading and error
/// states.
void draw_state(const Theme& theme, const std::string& title, const std::string& sentence,
                ImU32 title_colour);

}  // namespace vitrine::viz

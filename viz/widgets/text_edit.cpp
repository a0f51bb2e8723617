#include "viz/widgets/text_edit.h"

#include <algorithm>
#include <utility>

#include "text/character_class.h"
#include "text/grapheme.h"
#include "text/utf8.h"

namespace vitrine::viz {

namespace {

constexpr std::size_t most_steps = 200;

bool is_blank_at(const std::string& text, std::size_t at) {
    return is_space(read_code_point(text, at).value);
}

}  // namespace

TextEdit::TextEdit(std::string_view text) : text_(repair_utf8(text)) {
    caret_ = anchor_ = text_.size();
}

std::string TextEdit::selection() const {
    const std::size_t begin = selection_begin(), end = selection_end();
    return text_.substr(begin, end - begin);
}

void TextEdit::remember(Change change) {
    redo_.clear();
    if (change != Change::other && change == last_ && !undo_.empty()) return;
    last_ = change;
    undo_.push_back({text_, caret_, anchor_});
    if (undo_.size() > most_steps) undo_.erase(undo_.begin());
}

void TextEdit::restore(const Snapshot& snapshot) {
    text_ = snapshot.text;
    caret_ = snapshot.caret;
    anchor_ = snapshot.anchor;
    last_ = Change::none;
}

void TextEdit::erase(std::size_t begin, std::size_t end) {
    text_.erase(begin, end - begin);
    caret_ = anchor_ = begin;
}

void TextEdit::insert(std::string_view text) {
    std::string clean = repair_utf8(text);
    std::erase(clean, '\r');
    if (clean.empty() && !has_selection()) return;
    // A word is one step to undo: a space, a pasted text or a selection begins another.
    const bool one_character = next_grapheme(clean, 0) == clean.size();
    const bool joins = one_character && !has_selection() && clean != " " && clean != "\n";
    remember(joins ? Change::typing : Change::other);
    const std::size_t begin = selection_begin(), end = selection_end();
    erase(begin, end);
    text_.insert(caret_, clean);
    caret_ = anchor_ = caret_ + clean.size();
}

void TextEdit::erase_back(bool word) {
    const std::size_t begin = selection_begin(), end = selection_end();
    const std::size_t start =
        has_selection() ? begin : target(word ? Motion::word_left : Motion::left, caret_);
    if (start == end) return;
    remember(has_selection() || word ? Change::other : Change::erasing);
    erase(start, end);
}

void TextEdit::erase_forward(bool word) {
    const std::size_t begin = selection_begin(), end = selection_end();
    const std::size_t stop =
        has_selection() ? end : target(word ? Motion::word_right : Motion::right, caret_);
    if (begin == stop) return;
    remember(Change::other);
    erase(begin, stop);
}

std::size_t TextEdit::target(Motion motion, std::size_t from) const {
    switch (motion) {
        case Motion::left: return previous_grapheme(text_, from);
        case Motion::right: return next_grapheme(text_, from);
        case Motion::word_left:
            while (from > 0 && is_blank_at(text_, previous_grapheme(text_, from)))
                from = previous_grapheme(text_, from);
            while (from > 0 && !is_blank_at(text_, previous_grapheme(text_, from)))
                from = previous_grapheme(text_, from);
            return from;
        case Motion::word_right:
            while (from < text_.size() && is_blank_at(text_, from))
                from = next_grapheme(text_, from);
            while (from < text_.size() && !is_blank_at(text_, from))
                from = next_grapheme(text_, from);
            return from;
        case Motion::line_start: {
            const std::size_t end_before =
                from == 0 ? std::string::npos : text_.rfind('\n', from - 1);
            return end_before == std::string::npos ? 0 : end_before + 1;
        }
        case Motion::line_end: return std::min(text_.find('\n', from), text_.size());
        case Motion::text_start: return 0;
        case Motion::text_end: return text_.size();
    }
    return from;
}

void TextEdit::move(Motion motion, bool select) {
    last_ = Change::none;
    if (has_selection() && !select && (motion == Motion::left || motion == Motion::right)) {
        caret_ = anchor_ =
            motion == Motion::left ? std::min(caret_, anchor_) : std::max(caret_, anchor_);
        return;
    }
    caret_ = target(motion, caret_);
    if (!select) anchor_ = caret_;
}

void TextEdit::place(std::size_t offset, bool select) {
    last_ = Change::none;
    offset = std::min(offset, text_.size());
    if (offset < text_.size() && offset > 0)
        offset = next_grapheme(text_, previous_grapheme(text_, offset)) == offset
                     ? offset
                     : previous_grapheme(text_, offset);
    caret_ = offset;
    if (!select) anchor_ = caret_;
}

void TextEdit::select_all() {
    anchor_ = 0;
    caret_ = text_.size();
    last_ = Change::none;
}

void TextEdit::select_word(std::size_t offset) {
    if (text_.empty()) return;
    std::size_t at = std::min(offset, text_.size());
    if (at == text_.size()) at = previous_grapheme(text_, at);
    const bool blank = is_blank_at(text_, at);
    std::size_t begin = at, end = at;
    while (begin > 0 && is_blank_at(text_, previous_grapheme(text_, begin)) == blank)
        begin = previous_grapheme(text_, begin);
    while (end < text_.size() && is_blank_at(text_, end) == blank) end = next_grapheme(text_, end);
    anchor_ = begin;
    caret_ = end;
    last_ = Change::none;
}

void TextEdit::set(std::string_view text, bool continues) {
    if (text == text_) return;
    remember(continues ? Change::growing : Change::other);
    text_ = repair_utf8(text);
    caret_ = anchor_ = text_.size();
}

bool TextEdit::undo() {
    if (undo_.empty()) return false;
    redo_.push_back({text_, caret_, anchor_});
    restore(undo_.back());
    undo_.pop_back();
    return true;
}

bool TextEdit::redo() {
    if (redo_.empty()) return false;
    undo_.push_back({text_, caret_, anchor_});
    restore(redo_.back());
    redo_.pop_back();
    return true;
}

}  // namespace vitrine::viz

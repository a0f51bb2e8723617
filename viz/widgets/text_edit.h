// The text of the text box and its caret: what editing does, without anything that draws.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::viz {

enum class Motion {
    left,
    right,  // a grapheme
    word_left,
    word_right,  // to the start of a word, to its end
    line_start,
    line_end,  // of the paragraph
    text_start,
    text_end
};

/// UTF-8 text with a caret and a selection. Positions are byte offsets at grapheme boundaries.
class TextEdit {
   public:
    explicit TextEdit(std::string_view text = {});

    const std::string& text() const { return text_; }
    std::size_t caret() const { return caret_; }
    std::size_t anchor() const { return anchor_; }  // where the selection began; equals caret: none
    bool has_selection() const { return anchor_ != caret_; }
    std::size_t selection_begin() const { return caret_ < anchor_ ? caret_ : anchor_; }
    std::size_t selection_end() const { return caret_ < anchor_ ? anchor_ : caret_; }
    std::string selection() const;

    /// Puts the text in place of the selection. Invalid UTF-8 is repaired, '\r' left out.
    void insert(std::string_view text);
    void erase_back(bool word = false);
    void erase_forward(bool word = false);
    void move(Motion motion, bool select);
    /// Puts the caret to a byte offset (moved back to a grapheme boundary).
    void place(std::size_t offset, bool select);
    void select_all();
    void select_word(std::size_t offset);
    /// Replaces everything, as one step that can be undone; steps that `continue` the one before
    /// (a text that grows token by token) are undone together.
    void set(std::string_view text, bool continues = false);

    bool undo();
    bool redo();

   private:
    struct Snapshot {
        std::string text;
        std::size_t caret, anchor;
    };
    enum class Change { none, typing, erasing, growing, other };
    void remember(Change change);
    void restore(const Snapshot& snapshot);
    void erase(std::size_t begin, std::size_t end);
    std::size_t target(Motion motion, std::size_t from) const;

    std::string text_;
    std::size_t caret_ = 0, anchor_ = 0;
    std::vector<Snapshot> undo_, redo_;
    Change last_ = Change::none;  // changes of a kind that follow each other are one step
};

}  // namespace vitrine::viz

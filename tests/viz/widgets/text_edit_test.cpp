#include "viz/widgets/text_edit.h"

#include <doctest/doctest.h>

using namespace vitrine::viz;

namespace {

const std::string family =
    "👨‍👩‍👧";  // three people and two joiners: 18 bytes, one grapheme

void type(TextEdit& edit, const std::string& ascii) {
    for (const char c : ascii) edit.insert(std::string(1, c));
}

}  // namespace

TEST_CASE("text edit: a family emoji is one step of the caret and one deletion") {
    TextEdit edit("a" + family + "b");
    edit.move(Motion::left, false);
    edit.move(Motion::left, false);
    CHECK(edit.caret() == 1);
    edit.move(Motion::right, false);
    CHECK(edit.caret() == 1 + family.size());
    edit.erase_back();
    CHECK(edit.text() == "ab");
    CHECK(edit.undo());
    CHECK(edit.text() == "a" + family + "b");
}

TEST_CASE("text edit: a letter with a combining accent is deleted whole") {
    TextEdit edit("cafe\u0301");
    edit.erase_back();
    CHECK(edit.text() == "caf");
}

TEST_CASE("text edit: letters of Hangul that form a syllable are one grapheme") {
    TextEdit edit("\u1112\u1161\u11ab!");  // 한 as three conjoining letters
    edit.move(Motion::text_start, false);
    edit.erase_forward();
    CHECK(edit.text() == "!");
}

TEST_CASE("text edit: typing is undone word by word, and redone") {
    TextEdit edit;
    type(edit, "one two");
    CHECK(edit.undo());
    CHECK(edit.text() == "one ");
    while (edit.undo()) {
    }
    CHECK(edit.text().empty());
    while (edit.redo()) {
    }
    CHECK(edit.text() == "one two");
}

TEST_CASE("text edit: a change after undo forgets what could be redone") {
    TextEdit edit;
    type(edit, "ab");
    edit.undo();
    edit.insert("c");
    CHECK_FALSE(edit.redo());
    CHECK(edit.text() == "c");
}

TEST_CASE("text edit: a text that grows by tokens is undone in one step") {
    TextEdit edit("The king");
    edit.set("The king said", true);
    edit.set("The king said to", true);
    CHECK(edit.undo());
    CHECK(edit.text() == "The king");
}

TEST_CASE("text edit: words by Ctrl and arrows, also with Hangul") {
    TextEdit edit("왕이  말했다 hello");
    edit.move(Motion::word_left, false);
    CHECK(edit.text().substr(edit.caret()) == "hello");
    edit.move(Motion::word_left, true);
    CHECK(edit.selection() == "말했다 ");
    edit.erase_back();
    CHECK(edit.text() == "왕이  hello");
}

TEST_CASE("text edit: what is typed takes the place of the selection") {
    TextEdit edit("one two three");
    edit.select_word(5);
    CHECK(edit.selection() == "two");
    edit.insert("왜");
    CHECK(edit.text() == "one 왜 three");
    CHECK(edit.caret() == 7);
}

TEST_CASE("text edit: an offset inside a grapheme moves back to its start") {
    TextEdit edit("a" + family);
    edit.place(5, false);
    CHECK(edit.caret() == 1);
    edit.place(1000, true);
    CHECK(edit.selection() == family);
}

TEST_CASE(
    "text edit: invalid UTF-8 from the clipboard is repaired, carriage returns are left out") {
    TextEdit edit;
    edit.insert("a\r\nb\xFF");
    CHECK(edit.text() == "a\nb\uFFFD");
}

TEST_CASE("text edit: home and end stay in the line, with Ctrl they leave it") {
    TextEdit edit("one\ntwo\nthree");
    edit.place(5, false);
    edit.move(Motion::line_start, false);
    CHECK(edit.caret() == 4);
    edit.move(Motion::line_end, false);
    CHECK(edit.caret() == 7);
    edit.move(Motion::text_start, true);
    CHECK(edit.selection() == "one\ntwo");
}

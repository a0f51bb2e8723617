#include "viz/widgets/hangul_composer.h"

#include <doctest/doctest.h>

using namespace vitrine::viz;

TEST_CASE("Hangul composer: the keys g k s r m f write 한글") {
    HangulComposer composer;
    std::string text;
    std::string seen;
    for (const char key : std::string("gksrmf")) {
        text += composer.type(key);
        seen += composer.preedit() + " ";
    }
    CHECK(seen == "ㅎ 하 한 ㄱ 그 글 ");
    CHECK(text == "한");
    CHECK(text + composer.flush() == "한글");
    CHECK(composer.preedit().empty());
}

TEST_CASE("Hangul composer: backspace takes letters back one by one, then is not its own") {
    HangulComposer composer;
    for (const char key : std::string("gks")) composer.type(key);
    CHECK(composer.preedit() == "한");
    CHECK(composer.backspace());
    CHECK(composer.preedit() == "하");
    CHECK(composer.backspace());
    CHECK(composer.preedit() == "ㅎ");
    CHECK(composer.backspace());
    CHECK(composer.preedit().empty());
    CHECK_FALSE(composer.backspace());
}

TEST_CASE("Hangul composer: a final moves to the next syllable when a vowel follows") {
    HangulComposer composer;
    std::string text;
    for (const char key : std::string("dksu")) text += composer.type(key);  // ㅇㅏㄴㅕ
    CHECK(text == "아");
    CHECK(composer.preedit() == "녀");
}

TEST_CASE("Hangul composer: Shift gives double letters, a space ends the syllable") {
    HangulComposer composer;
    std::string text;
    for (const char key : std::string("Rk ")) text += composer.type(key);
    CHECK(text == "까 ");
    CHECK(composer.preedit().empty());
}

#include "text/aligned_text.h"

#include <doctest/doctest.h>

#include <string>

using namespace vitrine;

TEST_CASE("aligned text: what is put in front counts as made from the first character") {
    const std::string text = "xx가나";
    AlignedText aligned(text, {2, 8});
    CHECK(aligned.bytes() == "가나");
    CHECK(aligned.source({0, 3}) == ByteRange{2, 5});
    aligned.prepend("__");
    CHECK(aligned.bytes() == "__가나");
    CHECK(aligned.source({0, 1}) == ByteRange{2, 5});
    CHECK(aligned.source({0, 5}) == ByteRange{2, 5});
    CHECK(aligned.source({2, 3}) == ByteRange{2, 3});
    CHECK(aligned.source({5, 8}) == ByteRange{5, 8});
    const AlignedText part = aligned.part({5, 8});
    CHECK(part.bytes() == "나");
    CHECK(part.source({0, 3}) == ByteRange{5, 8});
    AlignedText empty(text, {2, 2});
    empty.prepend(" ");
    CHECK(empty.bytes().empty());
}

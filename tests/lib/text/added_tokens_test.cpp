#include "text/added_tokens.h"

#include <doctest/doctest.h>

using namespace vitrine;

namespace {

AddedToken token(int id, const char* content) {
    AddedToken added;
    added.id = id;
    added.content = content;
    return added;
}

/// The splits as "text" and "id:text".
std::vector<std::string> splits(const std::vector<AddedToken>& tokens, std::string_view text) {
    std::vector<std::string> found;
    const AddedTokenFinder finder(tokens);
    for (const AddedSplit& split : finder.split(text)) {
        const std::string part(part_of(text, split.range));
        found.push_back(split.token ? std::to_string(split.token->id) + ":" + part : part);
    }
    return found;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("added tokens: the leftmost is found first, and the longest at one place") {
    const std::vector<AddedToken> tokens{token(1, "<s>"), token(2, "<s><s>"), token(3, "s><")};
    CHECK(splits(tokens, "a<s>b") == Strings{"a", "1:<s>", "b"});
    CHECK(splits(tokens, "<s><s><s>") == Strings{"2:<s><s>", "1:<s>"});
    CHECK(splits(tokens, "<s") == Strings{"<s"});
    CHECK(splits(tokens, "") == Strings{});
    CHECK(splits({}, "abc") == Strings{"abc"});
}

TEST_CASE("added tokens: one that is a single word is not found inside a word") {
    AddedToken word = token(1, "ing");
    word.single_word = true;
    CHECK(splits({word}, "ing sing ing_ -ing- 가ing ing가") ==
          Strings{"1:ing", " sing ing_ -", "1:ing", "- 가ing ing가"});
    // Marks and joiners belong to words as well.
    CHECK(splits({word}, "ing\u0301") == Strings{"ing\u0301"});
}

TEST_CASE("added tokens: a single word that is discarded leaves no shorter match behind") {
    AddedToken longer = token(1, "abc");
    longer.single_word = true;
    CHECK(splits({longer, token(2, "ab")}, "abcd ab") == Strings{"abcd ", "2:ab"});
}

TEST_CASE("added tokens: lstrip and rstrip take the white space beside them") {
    AddedToken left = token(1, "<l>");
    left.lstrip = true;
    AddedToken right = token(2, "<r>");
    right.rstrip = true;
    CHECK(splits({left, right}, "a \n<l> b <r>\u3000 c") ==
          Strings{"a", "1: \n<l>", " b ", "2:<r>\u3000 ", "c"});
    // What one took is not there for the next.
    CHECK(splits({left, right}, "<r>  <l>") == Strings{"2:<r>  ", "1:<l>"});
    CHECK(splits({left}, "  <l>") == Strings{"1:  <l>"});
}

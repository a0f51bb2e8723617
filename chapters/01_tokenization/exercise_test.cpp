// The cases of chapter 01, worked out by hand. a, b, c, d are the bytes 97 to 100.
#include "chapters/01_tokenization/exercise_test.h"

#include <map>
#include <span>

namespace vitrine::runner {

namespace {

using Pair = std::pair<int, int>;
using Ids = std::vector<int>;
using Rules = std::vector<Pair>;

Values as_values(const Ids& ids) {
    return {{static_cast<Index>(ids.size())}, {ids.begin(), ids.end()}};
}

/// Bytes as numbers.
Values as_values(const std::string& text) {
    Values values({static_cast<Index>(text.size())}, {});
    for (const char byte : text) values.values.push_back(static_cast<unsigned char>(byte));
    return values;
}

/// A pair a row.
Values as_values(const Rules& rules) {
    Values values({static_cast<Index>(rules.size()), 2}, {});
    for (const auto& [left, right] : rules) {
        values.values.push_back(left);
        values.values.push_back(right);
    }
    return values;
}

Case count_case(const char* id, const Ids& ids, const std::map<Pair, int>& expected) {
    const auto rows = [](const std::map<Pair, int>& counts) {
        Values values({static_cast<Index>(counts.size()), 3}, {});
        for (const auto& [pair, count] : counts) {
            for (const int number : {pair.first, pair.second, count})
                values.values.push_back(number);
        }
        return values;
    };
    const auto run = [=](const Functions& functions) {
        return rows(functions.get<std::map<Pair, int>(std::span<const int>)>("count_pairs")(ids));
    };
    return {"count_pairs", id, run, rows(expected), 0.0};
}

Case merge_case(const char* id, const Ids& ids, Pair pair, const Ids& expected) {
    const auto run = [=](const Functions& functions) {
        return as_values(
            functions.get<Ids(std::span<const int>, Pair, int)>("merge")(ids, pair, 256));
    };
    return {"merge", id, run, as_values(expected), 0.0};
}

Case train_case(const char* id, const std::string& text, int merges, const Rules& expected) {
    const auto run = [=](const Functions& functions) {
        return as_values(functions.get<Rules(std::string_view, int)>("train")(text, merges));
    };
    return {"train", id, run, as_values(expected), 0.0};
}

Case encode_case(const char* id, const std::string& text, const Rules& rules, const Ids& expected) {
    const auto run = [=](const Functions& functions) {
        return as_values(
            functions.get<Ids(std::string_view, std::span<const Pair>)>("encode")(text, rules));
    };
    return {"encode", id, run, as_values(expected), 0.0};
}

Case decode_case(const char* id, const Ids& ids, const Rules& rules, const std::string& expected) {
    const auto run = [=](const Functions& functions) {
        return as_values(functions.get<std::string(std::span<const int>, std::span<const Pair>)>(
            "decode")(ids, rules));
    };
    return {"decode", id, run, as_values(expected), 0.0};
}

}  // namespace

std::vector<Case> tokenization_cases(const std::filesystem::path& /*golden*/) {
    std::vector<Case> cases;
    cases.push_back(count_case("count_abab", {97, 98, 97, 98}, {{{97, 98}, 2}, {{98, 97}, 1}}));
    cases.push_back(count_case("count_aaa", {97, 97, 97}, {{{97, 97}, 2}}));

    cases.push_back(merge_case("merge_twice", {97, 98, 99, 97, 98}, {97, 98}, {256, 99, 256}));
    cases.push_back(merge_case("merge_aaa", {97, 97, 97}, {97, 97}, {256, 97}));
    cases.push_back(merge_case("merge_at_the_end", {98, 97, 97, 98}, {97, 98}, {98, 97, 256}));

    // a a a b d a a a b a c: aa four times. Then Z a b d Z a b a c: (a, b) and (Z, a) both twice,
    // (97, 98) is smaller. Then Z Y d Z Y a c: ZY twice.
    const Rules rules{{97, 97}, {97, 98}, {256, 257}};
    cases.push_back(train_case("train_by_hand", "aaabdaaabac", 3, rules));
    // a b a b becomes Z Z: that pair occurs once, which ends it.
    cases.push_back(train_case("train_ends", "abab", 9, {{97, 98}}));
    // low lower lowest: (l, o) and (o, w) three times each, (108, 111) is smaller; then (256, w).
    cases.push_back(train_case("train_words", "low lower lowest", 2, {{108, 111}, {256, 119}}));

    cases.push_back(encode_case("encode_by_hand", "aaabdaaabac", rules, {258, 100, 258, 97, 99}));
    // Rule 0 joins b c, rule 1 a b: in abc the b is taken by rule 0.
    cases.push_back(encode_case("first_rule_first", "abc", {{98, 99}, {97, 98}}, {97, 256}));
    // Rule 1 needs what rule 0 makes.
    cases.push_back(encode_case("rule_upon_rule", "xabc", {{97, 98}, {256, 99}}, {120, 257}));

    cases.push_back(decode_case("decode_by_hand", {258, 100, 258, 97, 99}, rules, "aaabdaaabac"));
    // The three bytes of a syllable, EC 95 88, the first two of them in one token.
    cases.push_back(decode_case("decode_syllable", {256, 0x88}, {{0xEC, 0x95}}, "안"));
    // The first two alone are no character.
    cases.push_back(decode_case("decode_half", {97, 256}, {{0xEC, 0x95}}, "a\xef\xbf\xbd"));
    return cases;
}

}  // namespace vitrine::runner

#include "text/normalizer.h"

#include <doctest/doctest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "golden.h"
#include "io/json.h"
#include "tensor/error.h"

using namespace vitrine;
using nlohmann::json;

namespace {

using Sources = std::vector<std::array<std::size_t, 2>>;

/// What a text becomes; and, of each byte, which bytes it came from.
std::string changed(const json& normalizer, const std::string& text, Sources* sources = nullptr) {
    AlignedText aligned(text, {0, text.size()});
    normalize(read_normalizer({{"normalizer", normalizer}}, "t.json"), aligned);
    for (std::size_t at = 0; sources != nullptr && at < aligned.bytes().size(); ++at) {
        const ByteRange source = aligned.source({at, at + 1});
        sources->push_back({source.begin, source.end});
    }
    return std::string(aligned.bytes());
}

std::string in_form(const char* form, const std::string& text) {
    return changed({{"type", form}}, text);
}

}  // namespace

TEST_CASE("normalizer: Unicode's four forms") {
    // Unicode Standard Annex 15, figures 3 to 6.
    const std::string angstrom = "\u212b", composed = "\u00c5", apart = "A\u030a";
    CHECK(in_form("NFD", angstrom) == apart);
    CHECK(in_form("NFC", angstrom) == composed);
    CHECK(in_form("NFC", apart) == composed);
    CHECK(in_form("NFD", "\u1e69") == "s\u0323\u0307");
    CHECK(in_form("NFC", "s\u0307\u0323") == "\u1e69");
    CHECK(in_form("NFC", "\u1e0b\u0323") == "\u1e0d\u0307");
    CHECK(in_form("NFC", "q\u0307\u0323") == "q\u0323\u0307");
    CHECK(in_form("NFC", "\ufb01") == "\ufb01");
    CHECK(in_form("NFKC", "\ufb01") == "fi");
    CHECK(in_form("NFKD", "2\u2075") == "25");
    CHECK(in_form("NFKC", "\u1e9b\u0323") == "\u1e69");
    CHECK(in_form("NFD", "한") == "\u1112\u1161\u11ab");
    CHECK(in_form("NFC", "\u1112\u1161\u11ab\u1100\u1173\u11af") == "한글");
    CHECK(in_form("NFC", "가\u11a8 a\u0301b") == "각 áb");
    CHECK(in_form("NFC", "plain 한글") == "plain 한글");
}

TEST_CASE("normalizer: what is put together knows its first character, what comes apart its own") {
    Sources sources;
    CHECK(changed({{"type", "NFC"}}, "xe\u0301y", &sources) == "xéy");
    CHECK(sources == Sources{{0, 1}, {1, 2}, {1, 2}, {4, 5}});
    sources.clear();
    CHECK(changed({{"type", "NFKC"}}, "a\ufb01", &sources) == "afi");
    CHECK(sources == Sources{{0, 1}, {1, 4}, {1, 4}});
}

TEST_CASE("normalizer: small letters, accents, white space at the ends, patterns") {
    CHECK(in_form("Lowercase", "ÀB한 \u0130") == "àb한 i\u0307");
    CHECK(in_form("StripAccents", "e\u0301a") == "ea");
    CHECK(in_form("StripAccents", "é") == "é");  // not taken apart
    CHECK(in_form("Strip", " \u3000a b\n") == "a b");
    CHECK(changed({{"type", "Strip"}, {"strip_left", false}}, " a ") == " a");
    CHECK(changed({{"type", "Strip"}, {"strip_right", false}}, " a ") == "a ");
    CHECK(in_form("Strip", "  ").empty());
    Sources sources;
    CHECK(changed({{"type", "Replace"}, {"pattern", {{"Regex", " {2,}"}}}, {"content", "_"}},
                  "a   b c", &sources) == "a_b c");
    CHECK(sources == Sources{{0, 1}, {3, 4}, {4, 5}, {5, 6}, {6, 7}});
}

TEST_CASE("normalizer: BERT's") {
    const json bert = {{"type", "BertNormalizer"}, {"lowercase", true}};
    CHECK(changed(bert, "Héllo\tA\u0301B\x01\u200b中é") == "hello ab 中 e");
    CHECK(changed({{"type", "BertNormalizer"}, {"lowercase", false}}, "Hé") == "Hé");
    CHECK(changed({{"type", "BertNormalizer"}, {"lowercase", true}, {"strip_accents", false}},
                  "Hé") == "hé");
}

TEST_CASE("normalizer: sentencepiece's table of characters") {
    // The table that spm_train makes of charsmap/rules.tsv; the result is what spm_normalize
    // prints.
    const json table = {{"type", "Precompiled"},
                        {"precompiled_charsmap",
                         read_file(vitrine::test::fixture("tokenizers/charsmap/charsmap.base64"),
                                   std::size_t{1} << 20U)}};
    Sources sources;
    CHECK(changed(table, "xﬁnd\tA\u030abc so\u00adft \u2460!", &sources) ==
          "xfind \u00c5bc soft 1!");
    CHECK(Sources(sources.begin(), sources.begin() + 9) ==
          Sources{{0, 1}, {1, 4}, {1, 4}, {4, 5}, {5, 6}, {6, 7}, {7, 8}, {7, 8}, {10, 11}});
    CHECK(changed(table, "plain") == "plain");
    CHECK(changed({{"type", "Precompiled"}, {"precompiled_charsmap", ""}}, "ﬁ") == "ﬁ");
    for (const char* broken : {"AQAAAA==", "////////", "!!"}) {
        CHECK_THROWS_AS(changed({{"type", "Precompiled"}, {"precompiled_charsmap", broken}}, "a"),
                        FileError);
    }
}

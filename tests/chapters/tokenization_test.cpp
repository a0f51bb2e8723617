#include "chapters/01_tokenization/tokenization.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "golden.h"
#include "io/json.h"
#include "text/tokenizer.h"

using namespace vitrine;
using chapters::Pair;

TEST_CASE("tokenization: decoding gives back what was encoded, in any language") {
    const std::string text = "나는 나를 나만 low lower lowest 🙂🙂 aaabdaaabac";
    const std::vector<Pair> rules = chapters::train(text, 12);
    CHECK(rules.size() == 12);
    const std::vector<int> ids = chapters::encode(text, rules);
    CHECK(ids.size() < text.size());
    CHECK(chapters::decode(ids, rules) == text);
    CHECK(chapters::decode(chapters::encode("새 글", rules), rules) == "새 글");
    CHECK_THROWS(chapters::decode(std::vector<int>{9999}, rules));
}

// The bundled tokenizer's own rules, applied to single words by the clear encoder.
TEST_CASE("tokenization: with the rules of a real tokenizer.json, words get the same pieces") {
    const std::string folder = test::fixture("tokenizers/bpe-byte-level");
    const Tokenizer tokenizer = Tokenizer::load(folder);
    // Rules as pairs of ids in which the bytes are 0 to 255 and rule k makes 256 + k.
    const auto file = read_json(folder + "/tokenizer.json");
    std::map<std::string, int> number;  // of what a token stands for
    for (int byte = 0; byte < 256; ++byte) number[std::string(1, static_cast<char>(byte))] = byte;
    std::vector<Pair> rules;
    std::vector<std::string> made;
    for (const auto& merge : file["model"]["merges"]) {
        const std::string rule =
            merge.is_string() ? merge.get<std::string>()
                              : merge[0].get<std::string>() + " " + merge[1].get<std::string>();
        const std::size_t space = rule.find(' ');
        const std::string left = tokenizer.bytes(tokenizer.id(rule.substr(0, space)).value());
        const std::string right = tokenizer.bytes(tokenizer.id(rule.substr(space + 1)).value());
        rules.push_back({number.at(left), number.at(right)});
        number.emplace(left + right, 256 + static_cast<int>(made.size()));
        made.push_back(left + right);
    }
    for (const std::string word : {"understanding", "the", "안녕하세요", "tokenization"}) {
        INFO(word);
        std::vector<std::string> clear, fast;
        for (const int id : chapters::encode(word, rules)) {
            clear.push_back(id < 256 ? std::string(1, static_cast<char>(id))
                                     : made[static_cast<std::size_t>(id) - 256]);
        }
        for (const int id : tokenizer.encode(word, false).ids) fast.push_back(tokenizer.bytes(id));
        CHECK(clear == fast);
    }
}

TEST_CASE("WordPiece: the longest piece first; what fits nothing is unknown") {
    const std::set<std::string> vocabulary{"un", "happy", "##happ", "##h", "##iness", "##appy"};
    using Pieces = std::vector<std::string>;
    CHECK(chapters::word_pieces("unhappiness", vocabulary) == Pieces{"un", "##happ", "##iness"});
    CHECK(chapters::word_pieces("happy", vocabulary) == Pieces{"happy"});
    CHECK(chapters::word_pieces("unhappyx", vocabulary) == Pieces{"[UNK]"});
}

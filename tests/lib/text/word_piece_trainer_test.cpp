// Training WordPiece tokens, held to what the tokenizers library learns.
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "golden.h"
#include "io/json.h"
#include "text/bpe_trainer.h"
#include "text/tokenizer.h"
#include "text/tokenizer_trainer.h"

using namespace vitrine;
using nlohmann::json;
using vitrine::test::fixture;

namespace {

std::vector<std::string> training_texts() {
    return read_json(fixture("tokenizers/bpe-byte-level/train.json"))
        .get<std::vector<std::string>>();
}

}  // namespace

TEST_CASE("training WordPiece: the same tokens in the same order as the tokenizers library") {
    const json golden = read_json(fixture("tokenizers/bert-wordpiece-uncased/tokenizer.json"));
    std::vector<std::string> tokens(golden["model"]["vocab"].size());
    for (const auto& [token, id] : golden["model"]["vocab"].items()) tokens[id] = token;
    BpeTrainerOptions options;
    options.vocabulary = 900;
    options.byte_level = false;
    options.prefix = "##";
    // The library gives "##" characters ids in the order of a hash table, another one in each run;
    // ids settle ties, so its order is taken. They are the tokens before the first joined one.
    const auto joined = std::find_if(tokens.begin() + 5, tokens.end(), [](std::string token) {
        if (token.starts_with("##")) token.erase(0, 2);
        return token.size() > 1 && (token[0] & 0x80) == 0;
    });
    REQUIRE(joined - tokens.begin() > 200);
    options.first.assign(tokens.begin(), joined);
    WordCounter counter(read_normalizer(golden, "golden"), read_pre_tokenizer(golden, "golden"));
    for (const std::string& text : training_texts()) counter.add(text);
    CHECK(train_bpe(counter.finish(), options).tokens == tokens);
}

TEST_CASE("training WordPiece: the tokenizer loads, and encodes as it was trained") {
    TokenizerTrainerOptions options;
    options.model = "wordpiece";
    options.vocabulary = 900;
    options.lowercase = true;
    options.special = {"<extra>", "[UNK]"};
    TokenizerTrainer trainer(options);
    for (const std::string& text : training_texts()) trainer.add(text);
    const TrainedTokenizer trained = trainer.train();
    const Tokenizer tokenizer = Tokenizer::parse(trained.tokenizer_json, "trained");
    CHECK(tokenizer.vocabulary() == 900);
    CHECK(tokenizer.id("[PAD]") == 0);
    CHECK(tokenizer.id("<extra>") == 5);
    Index tokens = 0;
    Index unknown = 0;
    for (const std::string& text : training_texts()) {
        for (const int id : tokenizer.encode(text, false).ids) {
            ++tokens;
            unknown += id == 1 ? 1 : 0;
        }
    }
    CHECK(tokens == trained.tokens);
    CHECK(unknown == 0);  // every character of the texts is a token
    CHECK(tokenizer.decode(tokenizer.encode("Once upon a TIME.").ids) == "once upon a time.");
    CHECK(tokenizer.encode_pair("a", "the").type_ids == std::vector<int>{0, 0, 0, 1, 1});
}

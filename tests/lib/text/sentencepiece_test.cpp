// spiece.model and tokenizer.model, against what the sentencepiece library makes of them.
#include "text/sentencepiece.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "golden.h"
#include "io/json.h"
#include "scratch_folder.h"
#include "tensor/error.h"
#include "text/tokenizer.h"

using namespace vitrine;
using nlohmann::json;
using vitrine::test::fixture;

namespace {

std::string model(const std::string& name) {
    return read_file(fixture("tokenizers/sentencepiece/" + name + ".model"), 1U << 20U);
}

Tokenizer load(const std::string& name, const std::string& as, const std::string& config = "{}") {
    const test::ScratchFolder folder;
    folder.write(as, model(name));
    folder.write("tokenizer_config.json", config);
    return Tokenizer::load(folder.path());
}

}  // namespace

TEST_CASE("sentencepiece: ids of a Unigram and of a BPE model equal the library's") {
    const json golden = read_json(fixture("tokenizers/sentencepiece/golden.json"));
    for (const std::string name : {"unigram", "bpe"}) {
        const Tokenizer tokenizer = load(name, "spiece.model");
        for (const json& row : golden[name]) {
            const auto text = row["text"].get<std::string>();
            CAPTURE(text);
            const std::vector<int> ids = tokenizer.encode(text, false).ids;
            CHECK(ids == row["ids"].get<std::vector<int>>());
            // What is unknown is a sign of the library's own in its text.
            if (name == "bpe") CHECK(tokenizer.decode(ids) == row["decoded"].get<std::string>());
        }
    }
}

TEST_CASE("sentencepiece: T5's file ends a text and has sentinels behind its pieces") {
    const Tokenizer t5 = load("unigram", "spiece.model");
    const std::vector<int> ids = t5.encode("the fox").ids;
    CHECK(ids.back() == 1);
    CHECK(t5.encode("<extra_id_0>", false).ids == std::vector<int>{899});
    CHECK(t5.encode("<extra_id_99>", false).ids == std::vector<int>{800});
    CHECK(t5.encode("<note>", false).ids.size() == 1);
    const Tokenizer three = load("unigram", "spiece.model", R"({"extra_ids": 3})");
    CHECK(three.encode("<extra_id_0>", false).ids == std::vector<int>{802});
    CHECK_THROWS_WITH_AS(load("unigram", "spiece.model", R"({"extra_ids": -1})"),
                         doctest::Contains("extra_ids"), FileError);
}

TEST_CASE("sentencepiece: Llama's file begins a text, unless its configuration says otherwise") {
    const std::vector<int> plain = load("bpe", "tokenizer.model").encode("the fox", false).ids;
    std::vector<int> begun = plain, both = plain;
    begun.insert(begun.begin(), 1);
    both.push_back(2);
    CHECK(load("bpe", "tokenizer.model").encode("the fox").ids == begun);
    const char* config = R"({"add_bos_token": false, "add_eos_token": true})";
    CHECK(load("bpe", "tokenizer.model", config).encode("the fox").ids == both);
}

TEST_CASE("sentencepiece: a file cut anywhere, and one of other bytes, is refused or read") {
    const std::string whole = model("bpe");
    CHECK_THROWS_AS(read_sentencepiece("", {}, "x"), FileError);
    CHECK_THROWS_AS(read_sentencepiece("{\"model\": 1}", {}, "x"), FileError);
    CHECK_THROWS_WITH_AS(read_sentencepiece(std::string(12, '\xff'), {}, "x"),
                         doctest::Contains("sentencepiece"), FileError);
    std::size_t refused = 0;
    for (std::size_t size = 0; size < whole.size(); size += 101) {
        try {
            read_sentencepiece(std::string_view(whole).substr(0, size), {}, "x");
        } catch (const FileError&) {
            ++refused;
        }
    }
    CHECK(refused > whole.size() / 101 / 2);  // a cut between two pieces leaves a whole file
}

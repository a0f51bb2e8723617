// vitrine train tokenizer, as a user runs it.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/run_program.h"
#include "file_size_limit.h"
#include "io/json.h"
#include "scratch_folder.h"

using namespace vitrine;
using namespace vitrine::test;
using nlohmann::json;

namespace {

const std::string byte_level = std::string(VITRINE_FIXTURES) + "/tokenizers/bpe-byte-level";

Finished train(const std::string& files, const std::string& size, const std::string& out,
               const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"train",        "tokenizer", "--files", files,
                                          "--vocab-size", size,        "--out",   out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_vitrine(arguments);
}

}  // namespace

TEST_CASE("train tokenizer: the tokenizer that the tokenizers library learns from the texts") {
    const ScratchFolder folder;
    const std::string out = folder / "new/tokenizer";
    const Finished done = train(byte_level + "/train.json", "640", out, {"--json"});
    CHECK(done.status == 0);
    CHECK(read_json(out + "/tokenizer.json") == read_json(byte_level + "/tokenizer.json"));
    const json result = json::parse(done.out);
    CHECK(result["vocabulary"] == 640);
    CHECK(result["documents"] == 500);
    CHECK(read_json(out + "/tokenizer_config.json")["eos_token"] == "<|endoftext|>");

    const Finished used = run_vitrine({"tokenize", "--tokenizer", out, "--json", "the water"});
    CHECK(used.status == 0);
    const Finished reference =
        run_vitrine({"tokenize", "--tokenizer", byte_level, "--json", "the water"});
    CHECK(used.out == reference.out);
}

TEST_CASE("train tokenizer: a folder of texts, with special tokens of one's own") {
    const ScratchFolder folder;
    folder.write("a.txt", "the cat and the hat\n");
    folder.write("empty.txt", "");
    folder.write("b.jsonl", "{\"text\": \"the bat\"}\n");
    const std::string out = folder / "out";
    const Finished done =
        train(folder / "", "300", out, {"--special", "<pad>", "--special", "<end>", "--json"});
    CHECK(done.status == 0);
    const json result = json::parse(done.out);
    CHECK(result["documents"] == 2);
    CHECK(result["bytes"] == 26);
    CHECK(result["vocabulary"] < 300);
    const json tokenizer = read_json(out + "/tokenizer.json");
    CHECK(tokenizer["model"]["vocab"]["<pad>"] == 0);
    CHECK(tokenizer["model"]["vocab"]["<end>"] == 1);
    CHECK(tokenizer["added_tokens"].size() == 2);
    // Every word becomes one token: "the", " cat", " and", " the", " hat", "the", " bat".
    CHECK(result["tokens"] == 7);
}

TEST_CASE("train tokenizer: WordPiece and Unigram") {
    const ScratchFolder folder;
    for (const std::string model : {"wordpiece", "unigram"}) {
        INFO(model);
        const std::string out = folder / model;
        const Finished done = train(byte_level + "/train.json", "1200", out,
                                    {"--model", model, "--special", "<extra>", "--json"});
        CHECK(done.status == 0);
        CHECK(json::parse(done.out)["vocabulary"] == 1200);
        const Finished ids = run_vitrine(
            {"tokenize", "--tokenizer", out, "--json", "<extra>She was so proud of herself."});
        CHECK(ids.status == 0);
        const auto tokens = json::parse(ids.out)["tokens"].get<std::vector<std::string>>();
        CHECK(std::find(tokens.begin(), tokens.end(), "<extra>") != tokens.end());
        CHECK(std::find(tokens.begin(), tokens.end(), "[UNK]") == tokens.end());
    }
}

TEST_CASE("train tokenizer: texts that are not UTF-8 are refused, or left out if asked") {
    const ScratchFolder folder;
    folder.write("bad.txt", "all is well\nnot \xff here\n");
    folder.write("good.txt", "all is well\n");
    const std::string out = folder / "out";
    const Finished refused = train(folder / "", "260", out);
    CHECK(refused.status == 1);
    CHECK(refused.error.find("bad.txt, line 1") != std::string::npos);
    CHECK(refused.error.find("16 bytes further on") != std::string::npos);
    CHECK(!std::filesystem::exists(out + "/tokenizer.json"));

    const Finished skipped = train(folder / "", "260", out, {"--skip-invalid", "--json"});
    CHECK(skipped.status == 0);
    CHECK(json::parse(skipped.out)["skipped_documents"] == 1);
    CHECK(json::parse(skipped.out)["bytes"] == 11);
}

TEST_CASE("train tokenizer: nothing to learn from, too small a vocabulary, no such file") {
    const ScratchFolder folder;
    const std::string text = folder / "a.txt";
    const std::string out = folder / "out";
    folder.write("a.txt", "");
    const Finished nothing = train(text, "300", out);
    CHECK(nothing.status == 1);
    CHECK(nothing.error.find("words to learn tokens from") != std::string::npos);
    folder.write("a.txt", "some words");
    const Finished small = train(text, "256", out);
    CHECK(small.status == 1);
    CHECK(small.error.find("at least 257") != std::string::npos);
    const Finished missing = train(folder / "b.txt", "300", out);
    CHECK(missing.status == 1);
    CHECK(missing.error.find("b.txt") != std::string::npos);
    CHECK(train(text, "300", out, {"--model", "gpt"}).status == 2);
    CHECK(train(text, "0", out).status == 2);
    CHECK(run_vitrine({"train"}).status == 2);
    CHECK(std::filesystem::is_empty(out));
}

TEST_CASE("train tokenizer: one endless line") {
    const ScratchFolder folder;
    std::string line;
    for (int i = 0; i < 1'000'000; ++i) line += static_cast<char>('a' + i % 23 * i % 19);
    folder.write("a.txt", line);
    const std::string out = folder / "out";
    const Finished done = train(folder / "a.txt", "400", out, {"--json"});
    CHECK(done.status == 0);
    CHECK(json::parse(done.out)["bytes"] == 1'000'000);
}

TEST_CASE("train tokenizer: a full disk is said and leaves nothing half written") {
    const ScratchFolder folder;
    const std::string out = folder / "out";
    // No file of the program may grow beyond 8 KB, which is what anyone can have of a full disk.
    const FileSizeLimit limit(8192);
    const Finished done = train(byte_level + "/train.json", "640", out);
    CHECK(done.status == 1);
    CHECK(done.error.find("out/tokenizer.json") != std::string::npos);
    CHECK(std::filesystem::is_empty(out));
}

#include "train/data.h"

#include <doctest/doctest.h>

#include <fstream>
#include <set>

#include "golden.h"
#include "scratch_folder.h"
#include "tensor/error.h"
#include "train/held_out.h"

namespace fs = std::filesystem;
using namespace vitrine;
using vitrine::test::ScratchFolder;
using namespace vitrine::train;

namespace {

const Tokenizer& tokenizer() {
    static const Tokenizer loaded =
        Tokenizer::load(test::fixture("tokenizers/bpe-byte-level/tokenizer.json"));
    return loaded;
}

std::vector<std::string> documents(const fs::path& path) {
    const TokenFile file = TokenFile::open(path);
    std::vector<std::string> texts;
    for (Index i = 0; i < file.documents(); ++i) {
        const auto ids = file.document(i);
        CHECK(ids.front() == 0);
        texts.push_back(tokenizer().decode(std::vector<int>(ids.begin() + 1, ids.end())));
    }
    return texts;
}

DataOptions lines(const fs::path& file) {
    DataOptions options;
    options.sources.push_back({file});
    options.sources.back().unit = "line";
    return options;
}

}  // namespace

TEST_CASE("data: documents become tokens, each behind the begin token, split by their text") {
    const ScratchFolder folder;
    std::string text;
    for (int i = 0; i < 400; ++i) text += "Line number " + std::to_string(i) + " of 한국어.\n";
    DataOptions options = lines(folder.write("a.txt", text));
    options.validation_share = 0.1;
    options.sources[0].repeat = 2;
    const DataReport report = prepare_data(options, tokenizer(), 0, folder.path() / "out");
    const auto training = documents(folder.path() / "out/train.safetensors");
    const auto validation = documents(folder.path() / "out/validation.safetensors");
    CHECK(static_cast<Index>(training.size()) == report.training.documents);
    CHECK(training.size() == 2 * (400 - validation.size()));
    CHECK(validation.size() > 15);  // 40 expected, deviation 6
    CHECK(validation.size() < 65);
    CHECK(training[0] == training[1]);
    const std::set<std::string> trained(training.begin(), training.end());
    for (const std::string& each : validation) CHECK_FALSE(trained.contains(each));
    CHECK(trained.size() + validation.size() == 400);
    const TokenFile file = TokenFile::open(folder.path() / "out/train.safetensors");
    std::size_t bytes = 0;
    for (const std::string& each : training) bytes += each.size();
    CHECK(file.bytes() == static_cast<Index>(bytes));
    CHECK(file.tokens() == report.training.tokens);
}

TEST_CASE("data: units that stand in a held-out document are not trained on") {
    const ScratchFolder folder;
    const std::string secret = "The fox found the grapes far too sour to eat.";
    DataOptions options = lines(folder.write("a.txt", "Yes.\n" + secret + "\nSomething else.\n"));
    options.held_out = folder.write(
        "held.json", R"(["Once.\nThe fox found   the grapes far too\nsour to eat. Yes."])");
    const DataReport report = prepare_data(options, tokenizer(), 0, folder.path() / "out");
    CHECK(report.left_out == 1);
    CHECK(documents(folder.path() / "out/train.safetensors") ==
          std::vector<std::string>{"Yes.", "Something else."});
    CHECK(report.validation.documents == 1);
    HeldOut held_out;
    CHECK_FALSE(held_out.contains(secret));
    held_out.add(secret);
    CHECK(held_out.contains("fox found the grapes far\ttoo"));
    CHECK_FALSE(held_out.contains("fox found the grapes far tooo"));
}

TEST_CASE("data: an empty file, a document of one token, and one endless line") {
    const ScratchFolder folder;
    DataOptions options;
    options.sources.push_back({folder.write("empty.txt", "")});
    CHECK_THROWS_AS(prepare_data(options, tokenizer(), 0, folder.path() / "out"), ArgumentError);
    CHECK_FALSE(fs::exists(folder.path() / "out/train.safetensors"));
    options.validation_share = 0;
    options.sources.push_back({folder.write("one.txt", "a")});
    std::string endless;
    while (endless.size() < (std::size_t{17} << 20U)) endless += "onandon";
    options.sources.push_back({folder.write("long.txt", endless)});
    const DataReport report = prepare_data(options, tokenizer(), 0, folder.path() / "out");
    CHECK(report.training.documents == 3);  // the endless one in two
    CHECK(report.training.bytes == static_cast<Index>(endless.size() + 1));
    CHECK(TokenFile::open(folder.path() / "out/train.safetensors").document(0).size() == 2);
}

TEST_CASE(
    "data: bytes that are not UTF-8 are refused with their place, or left out when asked to") {
    const ScratchFolder folder;
    DataOptions options = lines(folder.write("a.txt", "good\nbad \xff byte\n"));
    options.validation_share = 0;
    try {
        prepare_data(options, tokenizer(), 0, folder.path() / "out");
        FAIL("it was taken");
    } catch (const TextError& error) {
        const std::string what = error.what();
        CHECK(what.find("a.txt, line 2") != std::string::npos);
        CHECK(what.find("byte") != std::string::npos);
    }
    CHECK(fs::is_empty(folder.path() / "out"));
    options.skip_invalid = true;
    CHECK(prepare_data(options, tokenizer(), 0, folder.path() / "out").skipped == 1);
    CHECK(documents(folder.path() / "out/train.safetensors") == std::vector<std::string>{"good"});
}

TEST_CASE("data: a stop leaves nothing behind") {
    const ScratchFolder folder;
    std::stop_source stop;
    stop.request_stop();
    const DataOptions options = lines(folder.write("a.txt", "some\ntext\n"));
    CHECK_THROWS_AS(
        prepare_data(options, tokenizer(), 0, folder.path() / "out", {}, stop.get_token()),
        Stopped);
    CHECK(fs::is_empty(folder.path() / "out"));
}

TEST_CASE("token file: a broken one is refused") {
    const ScratchFolder folder;
    const fs::path path = folder.path() / "tokens.safetensors";
    TokenFileWriter writer(path);
    writer.add(std::vector<int>{0, 5, 6}, 4);
    CHECK_FALSE(fs::exists(path));
    writer.commit();
    CHECK(TokenFile::open(path).tokens() == 3);
    fs::resize_file(path, fs::file_size(path) - 1);
    CHECK_THROWS_AS(TokenFile::open(path), FileError);
    CHECK_THROWS_AS(TokenFile::open(folder.path() / "none"), FileError);
}

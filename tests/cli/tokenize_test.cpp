#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/run_program.h"
#include "golden.h"
#include "io/json.h"

using namespace vitrine;
using nlohmann::json;
using vitrine::test::Finished;
using vitrine::test::fixture;
using vitrine::test::run_vitrine;

namespace {

const std::string small = fixture("tokenizers/bpe-byte-level");
const std::string gpt2 = fixture("tokenizers/gpt2");

json golden_rows(const std::string& folder) {
    return read_json(folder + "/golden.json")["rows"];
}

std::size_t lines_of(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// One line on standard error, nothing on standard output.
void check_failure(const Finished& run, int status, const std::string& part) {
    INFO(run.error);
    CHECK(run.status == status);
    CHECK(run.out.empty());
    CHECK(lines_of(run.error) == 1);
    CHECK(run.error.find("vitrine: ") == 0);
    CHECK(run.error.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("vitrine tokenize --batch equals tokenizers, from standard input and from a file") {
    for (const std::string& folder : {small, gpt2}) {
        json texts = json::array();
        const json golden = read_json(folder + "/golden.json");
        for (const json& row : golden["rows"]) texts.push_back(row["text"]);
        for (const json& pair : golden["pairs"]) texts.push_back({pair["a"], pair["b"]});
        const Finished run =
            run_vitrine({"tokenize", "--tokenizer", folder, "--batch", "-"}, texts.dump());
        REQUIRE_MESSAGE(run.status == 0, run.error);
        const json results = json::parse(run.out);
        REQUIRE(results.size() == texts.size());
        std::size_t at = 0;
        for (const char* part : {"rows", "pairs"}) {
            for (const json& expected : golden[part]) {
                INFO(texts[at].dump());
                const json& result = results[at++];
                CHECK(result.size() == 4);
                CHECK(result["ids"] == expected["ids"]);
                CHECK(result["tokens"] == expected["tokens"]);
                CHECK(result["type_ids"] == expected["type_ids"]);
                if (expected.contains("offsets")) CHECK(result["offsets"] == expected["offsets"]);
            }
        }
        const auto file = std::filesystem::temp_directory_path() /
                          ("vitrine-batch-" + std::to_string(getpid()) + ".json");
        std::ofstream(file) << texts.dump();
        CHECK(run_vitrine({"tokenize", "--tokenizer", folder, "--batch", file.string()}).out ==
              run.out);
        std::filesystem::remove(file);
    }
}

TEST_CASE("vitrine tokenize --json prints one object with the text") {
    const json row = golden_rows(gpt2)[9];
    const auto text = row["text"].get<std::string>();
    for (const Finished& run :
         {run_vitrine({"tokenize", text, "--tokenizer", gpt2, "--json"}),
          run_vitrine({"tokenize", "-", "--tokenizer", gpt2, "--json"}, text)}) {
        REQUIRE_MESSAGE(run.status == 0, run.error);
        const json result = json::parse(run.out);
        CHECK(result["text"] == text);
        CHECK(result["ids"] == row["ids"]);
        CHECK(result["offsets"] == row["offsets"]);
    }
}

TEST_CASE("vitrine tokenize shows a table, without colours when it is no terminal") {
    const Finished run = run_vitrine({"tokenize", "The king said 안녕하세요"});
    REQUIRE_MESSAGE(run.status == 0, run.error);
    CHECK(run.out.find("·king") != std::string::npos);
    CHECK(run.out.find("19 characters, 29 bytes, ") != std::string::npos);
    CHECK(run.out.find('\033') == std::string::npos);
    CHECK(run.error.empty());
    const Finished empty = run_vitrine({"tokenize", ""});
    CHECK(empty.status == 0);
    CHECK(empty.out.find("0 characters, 0 bytes, 0 tokens") != std::string::npos);
}

TEST_CASE("vitrine decode gives back every golden text") {
    for (const json& row : golden_rows(small)) {
        std::string ids;
        for (const json& id : row["ids"]) ids += (ids.empty() ? "" : ",") + id.dump();
        INFO(ids);
        const Finished run = run_vitrine({"decode", "--tokenizer", small, "--ids", ids});
        CHECK(run.status == 0);
        CHECK(run.out == row["decoded"].get<std::string>() + "\n");
        CHECK(run_vitrine({"decode", "--tokenizer", small, "--keep-special", "--ids", ids}).out ==
              row["decoded_keep_special"].get<std::string>() + "\n");
    }
}

TEST_CASE("vitrine tokenize and decode: bad usage exits with 2") {
    check_failure(run_vitrine({"tokenize"}), 2, "text or --batch");
    check_failure(run_vitrine({"tokenize", "a", "--batch", "-"}), 2, "--batch");
    check_failure(run_vitrine({"tokenize", "a", "--nonsense"}), 2, "--nonsense");
    check_failure(run_vitrine({"decode"}), 2, "--ids");
    check_failure(run_vitrine({"tokenize", "a", "--model", small, "--tokenizer", small}), 2,
                  "excludes");
}

TEST_CASE("vitrine tokenize and decode: a failure is one line and exits with 1") {
    check_failure(run_vitrine({"tokenize", "a\xff"}), 1, "0xff at byte offset 1");
    check_failure(run_vitrine({"tokenize", "a", "--tokenizer", "/nowhere"}), 1, "/nowhere");
    check_failure(run_vitrine({"tokenize", "--batch", "-"}, "[1]"), 1, "standard input, item 0");
    check_failure(run_vitrine({"tokenize", "--batch", "-"}, "{}"), 1, "a JSON array");
    check_failure(run_vitrine({"tokenize", "--batch", "-"}, "[\"a"), 1, "standard input");
    check_failure(run_vitrine({"tokenize", "--batch", "/nowhere.json"}), 1, "/nowhere.json");
    check_failure(run_vitrine({"decode", "--ids", "1,x"}), 1, "\"x\"");
    check_failure(run_vitrine({"decode", "--ids", "99999999"}), 1, "token id");
}

TEST_CASE("vitrine tokenize and decode: --help shows an example that works") {
    for (const char* command : {"tokenize", "decode"}) {
        const Finished help = run_vitrine({command, "--help"});
        CHECK(help.status == 0);
        CHECK(help.out.find("Example:\n  vitrine " + std::string(command)) != std::string::npos);
    }
    CHECK(run_vitrine({"decode", "--ids", "356,2769,431"}).status == 0);
}

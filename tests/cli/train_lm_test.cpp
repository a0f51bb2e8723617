// vitrine train lm, as a user runs it, stops it, kills it and runs out of disk.
#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/run_program.h"
#include "file_size_limit.h"
#include "io/json.h"
#include "io/lock_file.h"
#include "scratch_folder.h"
#include "tensor/random.h"

using namespace vitrine;
using namespace vitrine::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const std::string byte_level = std::string(VITRINE_FIXTURES) + "/tokenizers/bpe-byte-level";

std::string counting() {
    std::string text;
    for (int i = 0; i < 300; ++i)
        text += "one two three four five six seven eight, " + std::to_string(i % 7) + " times\n";
    return text;
}

/// Sixty steps, a checkpoint every five.
std::vector<std::string> arguments(const std::string& text, const std::string& out) {
    return {"train",    "lm",
            "--data",   text,
            "--unit",   "line",
            "--out",    out,
            "--json",   "--tokenizer",
            byte_level, "--layers",
            "2",        "--width",
            "32",       "--heads",
            "2",        "--positions",
            "32",       "--length",
            "32",       "--rows",
            "4",        "--steps",
            "60",       "--dropout",
            "0.1",      "--seed",
            "3",        "--checkpoint-every",
            "5",        "--validate-every",
            "30"};
}

std::string bytes(const fs::path& file) {
    return read_file(file, 1U << 26U);
}

/// Starts the program, which says nothing, without waiting for it.
pid_t start(const std::vector<std::string>& arguments) {
    const Scratch nothing;
    const pid_t child = start_vitrine(arguments, -1, nothing.descriptor(), nothing.descriptor());
    REQUIRE(child != 0);
    return child;
}

}  // namespace

TEST_CASE("train lm: killed ten times at random moments and resumed, it ends as if never killed") {
    const ScratchFolder folder;
    folder.write("a.txt", counting());
    REQUIRE(run_vitrine(arguments(folder / "a.txt", folder / "whole")).status == 0);
    const std::string out = folder / "killed";
    const std::vector<std::string> resume{"train", "lm", "--out", out, "--resume", "--json"};
    Random random(
        static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count()));
    for (int i = 0; i < 10; ++i) {
        const bool began = fs::exists(out + "/recipe.json");
        const pid_t child = start(began ? resume : arguments(folder / "a.txt", out));
        const auto moment = static_cast<int>(20 + random.below(600));
        CAPTURE(moment);
        std::this_thread::sleep_for(std::chrono::milliseconds(moment));
        ::kill(child, SIGKILL);
        const int status = wait_for(child);
        CHECK((status == 128 + SIGKILL || status == 0));
        // Whatever stands under its final name is whole.
        std::error_code none;
        for (const auto& entry : fs::directory_iterator(out + "/checkpoints", none)) {
            if (entry.path().filename().string().starts_with('.')) continue;
            const Finished info = run_vitrine({"models", "info", entry.path().string()});
            CHECK(info.status == 0);
        }
    }
    if (!fs::exists(out + "/recipe.json"))
        REQUIRE(run_vitrine(arguments(folder / "a.txt", out)).status == 0);
    const Finished end = run_vitrine(resume);
    CAPTURE(end.error);
    REQUIRE(end.status == 0);
    CHECK(bytes(out + "/model.safetensors") == bytes(folder / "whole/model.safetensors"));
}

TEST_CASE("train lm: Ctrl-C writes a checkpoint and says how to go on") {
    const ScratchFolder folder;
    folder.write("a.txt", counting());
    std::vector<std::string> many = arguments(folder / "a.txt", folder / "out");
    std::replace(many.begin(), many.end(), std::string("60"), std::string("100000"));
    const pid_t child = start(many);
    const fs::path first = fs::path(folder / "out") / "checkpoints/step-00000005";
    while (!fs::exists(first) && ::waitpid(child, nullptr, WNOHANG) == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    // One process in a folder at a time.
    CHECK(lock_holder(folder / "out/lock") == child);
    const Finished second = run_vitrine({"train", "lm", "--out", folder / "out", "--resume"});
    CHECK(second.status == 1);
    CHECK(second.error.find("process " + std::to_string(child)) != std::string::npos);
    ::kill(child, SIGINT);
    CHECK(wait_for(child) == 130);
    CHECK(lock_holder(folder / "out/lock") == 0);
    Index last = 0;
    std::ifstream log(folder / "out/log.jsonl");
    std::string event;
    for (std::string line; std::getline(log, line);) {
        event = json::parse(line)["event"];
        last = json::parse(line).value("step", Index{0});
    }
    CHECK(event == "checkpoint");
    CHECK(last >= 5);
}

TEST_CASE("train lm: a full disk ends it with the file's name, and it goes on with more room") {
    const ScratchFolder folder;
    folder.write("a.txt", counting());
    REQUIRE(run_vitrine(arguments(folder / "a.txt", folder / "whole")).status == 0);
    const auto model = fs::file_size(folder / "whole/model.safetensors");
    const std::string out = folder / "out";
    // No file may grow beyond the model's size: what the optimizer remembers is twice that.
    const Finished full = [&] {
        const FileSizeLimit limit(model + 4096);
        return run_vitrine(arguments(folder / "a.txt", out));
    }();
    CHECK(full.status == 1);
    CHECK(full.error.find("optimizer.safetensors") != std::string::npos);
    CHECK(fs::is_empty(out + "/checkpoints"));
    CHECK(run_vitrine({"train", "lm", "--out", out, "--resume"}).status == 0);
    CHECK(bytes(out + "/model.safetensors") == bytes(folder / "whole/model.safetensors"));
}

TEST_CASE("train lm: what does not go together is said before anything is written") {
    const ScratchFolder folder;
    const std::string out = folder / "out", text = folder / "a.txt";
    folder.write("a.txt", counting());
    const auto fails = [&](std::vector<std::string> more, int status, const std::string& words) {
        more.insert(more.begin(), {"train", "lm", "--out", out});
        const Finished done = run_vitrine(more);
        CAPTURE(done.error);
        CHECK(done.status == status);
        CHECK(done.error.find(words) != std::string::npos);
        CHECK_FALSE(fs::exists(out + "/recipe.json"));
    };
    fails({}, 2, "--data, --config or --resume");
    fails({"--resume"}, 1, "the folder of a run");
    fails({"--resume", "--data", text}, 2, "--resume");
    fails({"--data", text, "--heads", "7"}, 1, "heads: expected a number that divides");
    fails({"--data", text, "--rows", "100000000"}, 1, "memory of a training step");
    fails({"--data", text, "--rows", "3", "--accumulate", "2"}, 1, "accumulate");
    folder.write("recipe.json", R"({"data": {"sources": [{"path": "a.txt"}]}, "stepz": 3})");
    fails({"--config", folder / "recipe.json"}, 1, "\"stepz\"");
    fails({"--data", text, "--tokenizer", folder / "none"}, 1, "none");
}

TEST_CASE("train lm: a recipe with its texts beside it, changed on the command line") {
    const ScratchFolder folder;
    folder.write("a.txt", counting());
    folder.write("recipe.json", R"({
        "data": {"sources": [{"path": "a.txt", "unit": "line", "join": 2, "separator": " "}]},
        "model": {"layers": 1, "width": 16, "heads": 2, "positions": 16},
        "phases": [{"steps": 7, "rows": 2, "length": 16}], "prompts": ["one"]})");
    const Finished done = run_vitrine({"train",
                                       "lm",
                                       "--config",
                                       folder / "recipe.json",
                                       "--tokenizer",
                                       byte_level,
                                       "--out",
                                       folder / "out",
                                       "--steps",
                                       "4",
                                       "--checkpoint-every",
                                       "2",
                                       "--width",
                                       "24",
                                       "--layers",
                                       "2",
                                       "--heads",
                                       "3",
                                       "--positions",
                                       "20",
                                       "--keep-every",
                                       "2",
                                       "--validation-share",
                                       "0.5",
                                       "--skip-invalid"});
    CAPTURE(done.error);
    CHECK(done.status == 0);
    const json used = read_json(folder / "out/recipe.json");
    CHECK(used["model"]["width"] == 24);
    CHECK(used["model"]["ff_width"] == 96);
    CHECK(used["model"]["layers"] == 2);
    CHECK(used["model"]["heads"] == 3);
    CHECK(used["model"]["positions"] == 20);
    CHECK(used["keep_every"] == 2);
    CHECK(used["data"]["validation_share"] == 0.5);
    CHECK(used["data"]["skip_invalid"] == true);
    CHECK(done.out.find("step     4 of 4") != std::string::npos);
    CHECK(done.out.find("validation") != std::string::npos);
    const Finished again =
        run_vitrine({"generate", "--model", folder / "out", "--prompt", "one", "--json"});
    CHECK(again.status == 0);
    const Finished twice =
        run_vitrine({"train", "lm", "--config", folder / "recipe.json", "--out", folder / "out"});
    CHECK(twice.status == 1);
    CHECK(twice.error.find("--resume") != std::string::npos);
}

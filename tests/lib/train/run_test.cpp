#include "train/run.h"

#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "golden.h"
#include "io/json.h"
#include "models/language_model.h"
#include "scratch_folder.h"
#include "train/checkpoint.h"

namespace fs = std::filesystem;
using namespace vitrine;
using vitrine::test::ScratchFolder;
using namespace vitrine::train;
using nlohmann::json;

namespace {

/// A model that learns in a second: counting.
Recipe tiny(const ScratchFolder& folder) {
    std::ofstream text(folder.path() / "count.txt");
    for (int i = 0; i < 300; ++i)
        text << "one two three four five six seven eight nine ten, " << i % 7 << " times\n";
    text.close();
    Recipe recipe;
    recipe.data.sources.push_back({folder.path() / "count.txt"});
    recipe.data.sources[0].unit = "line";
    recipe.data.validation_share = 0.4;  // of seven different lines
    recipe.tokenizer = test::fixture("tokenizers/bpe-byte-level");
    recipe.model = {0, 32, 16, 2, 2, 32};
    recipe.phases = {{20, 4, 16, true, 0.2}, {20, 2, 32, false, 0.0}};
    recipe.learning_rate = 1e-2;
    recipe.warm_up = 5;
    recipe.dropout = 0.1;
    recipe.accumulate = 2;
    recipe.log_every = 5;
    recipe.validate_every = 20;
    recipe.checkpoint_every = 10;
    recipe.keep_every = 20;
    recipe.prompts = {"one two"};
    return recipe;
}

std::vector<json> log_of(const fs::path& out) {
    std::vector<json> entries;
    std::ifstream file(out / "log.jsonl");
    for (std::string line; std::getline(file, line);) entries.push_back(json::parse(line));
    return entries;
}

std::vector<json> events(const fs::path& out, const std::string& kind) {
    std::vector<json> found;
    for (const json& entry : log_of(out))
        if (entry["event"] == kind) found.push_back(entry);
    return found;
}

std::string bytes(const fs::path& file) {
    return read_file(file, 1U << 24U);
}

}  // namespace

TEST_CASE("run: a small model learns, and leaves a model, checkpoints, a recipe and a log") {
    const ScratchFolder folder;
    const fs::path out = folder.path() / "out";
    const RunResult result = begin_run(tiny(folder), out, {});
    CHECK(result.finished);
    CHECK(result.step == 40);
    const auto steps = events(out, "step");
    REQUIRE(steps.size() == 8);
    CHECK(steps.back()["loss"].get<double>() < 0.7 * steps.front()["loss"].get<double>());
    CHECK(steps.back()["tokens"] == 20 * 4 * 16 + 20 * 2 * 32);
    CHECK(steps.back()["grad_norms"].size() == 4);  // embed, two blocks, ln_final
    CHECK(events(out, "validation").size() == 2);
    CHECK(events(out, "validation").back()["loss"] == result.validation_loss);
    CHECK(events(out, "sample").size() == 4);
    const auto groups = events(out, "detail").back()["groups"];
    CHECK(groups.size() == 4);
    Index counted = 0;
    for (const json& group : groups)
        for (const json& bin : group["weights"]["counts"]) counted += bin.get<Index>();
    CHECK(counted == events(out, "start")[0]["parameters"]);
    std::vector<Index> kept;
    for (const Checkpoint& each : checkpoints(out)) kept.push_back(each.step);
    CHECK(kept == std::vector<Index>{20, 30, 40});
    CHECK_FALSE(checkpoints(out)[0].resumes);
    const auto model = load_language_model(out);
    CHECK(model->info().vocabulary == 640);
    CHECK(bytes(out / "model.safetensors") ==
          bytes(out / "checkpoints/step-00000040/model.safetensors"));
    CHECK_THROWS_AS(begin_run(tiny(folder), out, {}), ArgumentError);
}

TEST_CASE("run: a vocabulary is learnt from the training documents alone") {
    const ScratchFolder folder;
    Recipe recipe = tiny(folder);
    recipe.vocabulary = 270;
    CHECK_THROWS_AS(begin_run(recipe, folder.path() / "both", {}), ArgumentError);
    recipe.tokenizer.clear();
    const std::string held_out = "zqzqzqzqzqzqzqzqzqzqzqzqzqzqzqzq zqzqzqzqzq";
    std::ofstream(folder.path() / "count.txt", std::ios::app) << held_out << "\n";
    recipe.data.held_out = folder.path() / "held_out.txt";
    std::ofstream(recipe.data.held_out) << held_out;
    const fs::path out = folder.path() / "out";
    CHECK(begin_run(recipe, out, {}).finished);
    CHECK(events(out, "data")[0]["left_out"] == 1);
    CHECK(load_language_model(out)->info().vocabulary == 270);
    const Tokenizer tokenizer = Tokenizer::load(out);
    CHECK(tokenizer.id("<|endoftext|>") == 0);
    CHECK(tokenizer.encode("zqzq").ids.size() == 4);
    CHECK(tokenizer.encode("three").ids.size() < 5);
    // The recipe that a run leaves makes the same run.
    const Recipe again = parse_recipe(read_json(out / "recipe.json"), out, out, "recipe.json");
    begin_run(again, folder.path() / "again", {});
    CHECK(bytes(out / "model.safetensors") == bytes(folder.path() / "again/model.safetensors"));
    CHECK(resume_run(out, {}).finished);
}

TEST_CASE("run: stopped and resumed, it gives the same parameters bit for bit") {
    const ScratchFolder folder;
    Recipe recipe = tiny(folder);
    SUBCASE("AdamW") {}
    SUBCASE("Muon") {
        recipe.muon = true;
    }
    begin_run(recipe, folder.path() / "whole", {});
    std::stop_source stop;
    RunHooks hooks;
    hooks.on_log = [&](const json& entry) {
        if (entry["event"] == "step" && entry["step"] == 15) stop.request_stop();
    };
    const fs::path out = folder.path() / "parts";
    const RunResult first = begin_run(recipe, out, hooks, stop.get_token());
    CHECK_FALSE(first.finished);
    CHECK(first.step == 15);
    const fs::path moved = folder.path() / "moved";
    fs::rename(out, moved);
    CHECK(resume_run(moved, {}).finished);
    CHECK(bytes(moved / "model.safetensors") == bytes(folder.path() / "whole/model.safetensors"));
    CHECK(events(moved, "step").size() == 8);
    // From an earlier checkpoint: what was logged after it is trained, and logged, again.
    fs::remove_all(moved / "checkpoints/step-00000040");
    CHECK(resume_run(moved, {}).finished);
    CHECK(bytes(moved / "model.safetensors") == bytes(folder.path() / "whole/model.safetensors"));
    CHECK(events(moved, "step").size() == 8);
}

TEST_CASE("run: models of chosen steps stay, and no run goes on from them") {
    const ScratchFolder folder;
    Recipe recipe = tiny(folder);
    recipe.keep_every = 0;
    recipe.keep = {0, 3, 10, 36};
    recipe.dtype = DType::float16;
    std::stop_source stop;
    RunHooks hooks;
    hooks.on_log = [&](const json& entry) {
        if (entry["event"] == "checkpoint" && entry["step"] == 36) stop.request_stop();
    };
    const fs::path out = folder.path() / "out";
    CHECK(begin_run(recipe, out, hooks, stop.get_token()).step == 36);
    fs::remove(out / "checkpoints/step-00000036/optimizer.safetensors");  // as if killed there
    CHECK(resume_run(out, {}).finished);
    std::vector<Index> kept, resumed;
    for (const Checkpoint& each : checkpoints(out))
        (each.resumes ? resumed : kept).push_back(each.step);
    CHECK(kept == std::vector<Index>{0, 3, 10, 36});
    CHECK(resumed == std::vector<Index>{30, 40});
    CHECK(events(out, "sample").size() == 4 + 3);
    const auto first = TensorFile::open(out / "checkpoints/step-00000000/model.safetensors");
    CHECK(first.at("transformer.wte.weight").dtype == DType::float16);
    recipe.keep.clear();
    begin_run(recipe, folder.path() / "plain", {});
    CHECK(bytes(out / "model.safetensors") == bytes(folder.path() / "plain/model.safetensors"));
}

TEST_CASE("run: a loss that is not finite stops it with the step, the rows and the tensor") {
    const ScratchFolder folder;
    Recipe recipe = tiny(folder);
    recipe.learning_rate = 1e30;
    recipe.clip = 0;
    recipe.optimizer.weight_decay = 10;
    try {
        begin_run(recipe, folder.path() / "out", {});
        FAIL("it went on");
    } catch (const TrainingError& error) {
        const std::string what = error.what();
        CAPTURE(what);
        CHECK(what.starts_with("step "));
        CHECK(what.find(", first in ") != std::string::npos);
        CHECK(what.find("of rows ") != std::string::npos);
        CHECK(what.find("learning rate") != std::string::npos);
    }
    CHECK(events(folder.path() / "out", "not finite").size() == 1);
}

TEST_CASE("run: more memory than there is is refused before anything is written") {
    const ScratchFolder folder;
    Recipe recipe = tiny(folder);
    recipe.phases = {{10, 1 << 26, 32, false, 0.0}};
    CHECK_THROWS_WITH_AS(begin_run(recipe, folder.path() / "out", {}),
                         doctest::Contains("memory of a training step: expected at most the"),
                         ArgumentError);
    CHECK_FALSE(fs::exists(folder.path() / "out/recipe.json"));
    check_memory(10, 10);
    CHECK_THROWS_AS(check_memory(11, 10), ArgumentError);
    CHECK(available_memory() > (1U << 20U));
}

TEST_CASE("recipe: reads what it writes, and names what it does not know") {
    const ScratchFolder folder;
    Recipe recipe = tiny(folder);
    recipe.muon = true;
    recipe.model.initializer_range = 0.05;
    recipe.phases[0].shortest_span = 2;
    recipe.phases[0].longest_span = 7;
    const json written = to_json(recipe);
    CHECK(to_json(parse_recipe(written, "/elsewhere", "/texts", "r")) == written);
    json wrong = written;
    wrong["phases"][1]["lenght"] = 3;
    CHECK_THROWS_WITH_AS(parse_recipe(wrong, ".", ".", "r.json"),
                         doctest::Contains("r.json.phases[1]: expected the keys"), FileError);
    wrong = written;
    wrong["optimizer"]["beta1"] = 1.5;
    CHECK_THROWS_WITH_AS(parse_recipe(wrong, ".", ".", "r.json"),
                         doctest::Contains("r.json.optimizer.beta1: expected a number from 0"),
                         FileError);
    wrong = written;
    wrong["optimizer"]["name"] = "sgd";
    CHECK_THROWS_WITH_AS(parse_recipe(wrong, ".", ".", "r.json"),
                         doctest::Contains("r.json.optimizer.name: expected adamw or muon"),
                         FileError);
    wrong = written;
    wrong["phases"][0]["longest_span"] = 9;  // of rows of 16
    CHECK_THROWS_WITH_AS(parse_recipe(wrong, ".", ".", "r.json"),
                         doctest::Contains("longest_span: expected a whole number from 2 to 8"),
                         FileError);
    Recipe long_rows = recipe;
    long_rows.phases[0].length = 33;
    CHECK_THROWS_AS(check_recipe(long_rows), ArgumentError);
    long_rows = recipe;
    long_rows.accumulate = 3;
    CHECK_THROWS_AS(check_recipe(long_rows), ArgumentError);
}

TEST_CASE("evaluate: windows of a document count each of its tokens once") {
    const ScratchFolder folder;
    GPT2Trainer trainer({10, 4, 8, 1, 2, 16});
    trainer.randomize(1);
    TokenFileWriter writer(folder.path() / "t");
    const std::vector<int> ids{0, 1, 2, 3, 4, 5, 6};
    writer.add(ids, 12);
    writer.add(std::vector<int>{0, 9}, 1);
    writer.commit();
    // By hand: windows [0, 4) and [4, 6) of the first, [0, 1) of the second.
    const Loss a = trainer.loss({{0, 1, 2, 3}, {1, 2, 3, 4}, 4, {}});
    const Loss b = trainer.loss({{4, 5}, {5, 6}, 2, {}});
    const Loss c = trainer.loss({{0}, {9}, 1, {}});
    const double sum = a.sum + b.sum + c.sum;
    for (const Index rows : {1, 2, 8}) {
        const Evaluation got = evaluate(trainer, TokenFile::open(folder.path() / "t"), rows);
        CHECK(got.loss == doctest::Approx(sum / 7).epsilon(1e-6));
        CHECK(got.bits_per_byte == doctest::Approx(sum / std::log(2.0) / 13).epsilon(1e-6));
    }
}

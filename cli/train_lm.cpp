// vitrine train lm: a language model from plain text, with checkpoints, and on from them.
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/progress_line.h"
#include "cli/terminal.h"
#include "io/assets.h"
#include "io/json.h"
#include "tensor/error.h"
#include "train/run.h"

namespace vitrine::cli {

namespace {

using nlohmann::json;
using namespace vitrine::train;
namespace fs = std::filesystem;

constexpr std::size_t most_recipe = std::size_t{1} << 24U;

struct Options {
    std::vector<std::string> data;
    std::string unit = "file", form = "{text}";
    std::string config, data_folder, tokenizer, out;
    Recipe recipe;  // what the options say
    bool resumes = false, as_json = false;
};

/// Tells what comes into the log in lines for people.
class Report {
   public:
    void operator()(const json& entry) {
        const std::string event = entry["event"];
        if (event == "data") {
            data(entry);
        } else if (event == "start") {
            steps_ = entry["steps"];
            std::printf("%lld parameters, %lld tokens to train on%s\n", number(entry["parameters"]),
                        number(entry["training_tokens"]),
                        entry["step"] == 0 ? "" : ", going on from a checkpoint");
        } else if (event == "step") {
            step(entry);
        } else if (event == "validation") {
            std::printf("%s  loss %.4f, %.4f bits a byte\n",
                        styled("  validation", Style::accent).c_str(), entry["loss"].get<double>(),
                        entry["bits_per_byte"].get<double>());
        } else if (event == "sample") {
            std::cout << styled("  " + entry["prompt"].get<std::string>(), Style::bold)
                      << entry["text"].get<std::string>() << std::endl;
        }
        std::fflush(stdout);
    }

   private:
    static long long number(const json& value) { return value.get<long long>(); }

    static void data(const json& entry) {
        for (const char* part : {"training", "validation"}) {
            const json& each = entry[part];
            std::printf("%-10s  %lld documents, %lld bytes, %lld tokens\n", part,
                        number(each["documents"]), number(each["bytes"]), number(each["tokens"]));
        }
        if (entry["left_out"] != 0)
            std::printf("%lld units left out: held out\n", number(entry["left_out"]));
        if (entry["skipped"] != 0)
            std::printf("%lld documents left out: not UTF-8\n", number(entry["skipped"]));
    }

    void step(const json& entry) {
        const auto done = entry["step"].get<double>();
        const double speed = entry["tokens_per_second"];
        const double left = entry["seconds"].get<double>() / done * (steps_ - done);
        std::printf(
            "step %5.0f of %.0f  loss %.4f  learning rate %.2e  gradient %.2f  "
            "%6.0f tokens/s  %s left\n",
            done, steps_, entry["loss"].get<double>(), entry["learning_rate"].get<double>(),
            entry["grad_norm"].get<double>(), speed, duration(left).c_str());
    }

    double steps_ = 0;
};

/// The recipe of --config with the options that were given on top, or of the options alone.
Recipe recipe_of(const Options& options, Command command) {
    Recipe recipe = options.recipe;
    if (!options.config.empty()) {
        const fs::path file = options.config;
        const fs::path folder = file.parent_path();
        recipe = parse_recipe(read_json(file, most_recipe), folder,
                              options.data_folder.empty() ? folder : fs::path(options.data_folder),
                              file.string());
        const Recipe& given = options.recipe;
        const auto take = [&](const char* name, auto& to, const auto& from) {
            if (command.given(name)) to = from;
        };
        if (recipe.phases.size() == 1) {
            take("--steps", recipe.phases[0].steps, given.phases[0].steps);
            take("--rows", recipe.phases[0].rows, given.phases[0].rows);
            take("--length", recipe.phases[0].length, given.phases[0].length);
        } else if (command.given("--steps") || command.given("--rows") ||
                   command.given("--length")) {
            throw ArgumentError("--steps, --rows and --length", "a recipe of one phase",
                                std::to_string(recipe.phases.size()) + " phases",
                                "change the phases in a copy of the recipe");
        }
        take("--vocab-size", recipe.vocabulary, given.vocabulary);
        take("--layers", recipe.model.layers, given.model.layers);
        take("--width", recipe.model.width, given.model.width);
        take("--width", recipe.model.ff_width, 4 * given.model.width);
        take("--heads", recipe.model.heads, given.model.heads);
        take("--positions", recipe.model.positions, given.model.positions);
        take("--validation-share", recipe.data.validation_share, given.data.validation_share);
        take("--skip-invalid", recipe.data.skip_invalid, given.data.skip_invalid);
        take("--keep-every", recipe.keep_every, given.keep_every);
        take("--seed", recipe.seed, given.seed);
        take("--learning-rate", recipe.learning_rate, given.learning_rate);
        take("--dropout", recipe.dropout, given.dropout);
        take("--accumulate", recipe.accumulate, given.accumulate);
        take("--checkpoint-every", recipe.checkpoint_every, given.checkpoint_every);
        take("--validate-every", recipe.validate_every, given.validate_every);
        take("--prompt", recipe.prompts, given.prompts);
    } else {
        recipe.model.ff_width = 4 * recipe.model.width;
        recipe.model.positions = std::max(recipe.model.positions, recipe.phases[0].length);
    }
    for (const std::string& path : options.data) {
        DocumentSource source;
        source.path = path;
        source.unit = options.unit;
        source.form = options.form;
        recipe.data.sources.push_back(source);
    }
    if (!options.tokenizer.empty()) recipe.tokenizer = options.tokenizer;
    if (recipe.tokenizer.empty() && recipe.vocabulary == 0)
        recipe.tokenizer = bundled_model_folder();
    return recipe;
}

void run(const Options& options, Command command) {
    Report report;
    std::optional<ProgressLine> reading(std::in_place);
    RunHooks hooks;
    hooks.on_data = [&](std::size_t bytes) {
        if (reading) reading->show("bytes read", static_cast<Index>(bytes));
    };
    hooks.on_log = [&](const json& entry) {
        reading.reset();
        if (options.as_json) {
            print_json(entry);
        } else {
            report(entry);
        }
    };
    const StopOnInterrupt interrupt;
    const RunResult result = options.resumes ? resume_run(options.out, hooks, interrupt.token())
                                             : begin_run(recipe_of(options, command), options.out,
                                                         hooks, interrupt.token());
    if (!result.finished) {
        std::fprintf(stderr,
                     "stopped after step %lld; go on with: vitrine train lm --out '%s' --resume\n",
                     static_cast<long long>(result.step), options.out.c_str());
        throw ExitStatus(interrupted_status);
    }
    if (!options.as_json) std::printf("the model is in %s\n", options.out.c_str());
}

}  // namespace

void add_train_lm(Command train) {
    const Command command = train.add_subcommand("lm", "Train a GPT-2 on texts, or go on with it");
    auto options = std::make_shared<Options>();
    Recipe& recipe = options->recipe;
    Phase& phase = recipe.phases[0];
    const Argument data = command.add_option(
        "--data", options->data, "texts: files or folders (.txt, .md, .json, .jsonl, .csv, .tsv)");
    command.add_option("--unit", options->unit,
                       "a document of a text file: file, paragraph or line");
    command.add_option("--form", options->form,
                       "the text of a record, fields in braces: \"Q: {q}\\nA: {a}\"");
    const Argument config = command.add_option("--config", options->config,
                                               "a recipe file; other options go on top of it");
    command.add_option("--data-folder", options->data_folder,
                       "where the recipe's texts are (default: beside the recipe)");
    command.add_option("--tokenizer", options->tokenizer,
                       "tokenizer.json or its folder (default: the bundled model's)");
    command.add_option("--vocab-size", recipe.vocabulary,
                       "learn a byte-level BPE of so many tokens from the texts instead");
    command.add_option("--out", options->out, "the folder of the run and of the finished model")
        .required();
    const Argument resume =
        command.add_flag("--resume", options->resumes, "go on from the last checkpoint in --out");
    resume.excludes(data).excludes(config);
    command.add_option("--layers", recipe.model.layers, "L");
    command.add_option("--width", recipe.model.width, "C");
    command.add_option("--heads", recipe.model.heads, "H");
    command.add_option("--positions", recipe.model.positions, "the longest text the model takes");
    command.add_option("--steps", phase.steps, "how many steps");
    command.add_option("--rows", phase.rows, "rows of a step: the batch");
    command.add_option("--length", phase.length, "tokens of a row");
    command.add_option("--accumulate", recipe.accumulate, "take a step's rows in so many parts");
    command.add_option("--learning-rate", recipe.learning_rate, "at its highest");
    command.add_option("--dropout", recipe.dropout, "share of numbers left out at random");
    command.add_option("--seed", recipe.seed, "the same seed gives the same run");
    command.add_option("--validation-share", recipe.data.validation_share,
                       "share of the documents that is not trained on");
    command.add_option("--checkpoint-every", recipe.checkpoint_every, "steps");
    command.add_option("--validate-every", recipe.validate_every, "steps");
    command.add_option("--keep-every", recipe.keep_every,
                       "keep the models of these steps; 0: of the last two checkpoints only");
    command.add_option("--prompt", recipe.prompts,
                       "go on from this text at every checkpoint; may be given several times");
    command.add_flag("--skip-invalid", recipe.data.skip_invalid,
                     "leave out documents that are not UTF-8");
    command.add_flag("--json", options->as_json, "print the log's JSON lines");
    command.example(
        "vitrine train lm --data tales.txt --unit paragraph --steps 500 --rows 8 --length 64 "
        "--layers 2 --width 64 --heads 4 --out tales");
    command.callback([=] {
        if (!options->resumes && options->data.empty() && options->config.empty())
            throw UsageError("--data, --config or --resume is required");
        run(*options, command);
    });
}

}  // namespace vitrine::cli

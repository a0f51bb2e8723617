// vitrine embed: texts as vectors. vitrine similarity: how alike texts are.
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/batch.h"
#include "cli/commands.h"
#include "cli/task_options.h"
#include "cli/terminal.h"
#include "tensor/error.h"

namespace vitrine::cli {

using nlohmann::json;

namespace {

json rows_of(const Tensor2& table) {
    json rows = json::array();
    const std::size_t count = table.shape()[0], width = table.shape()[1];
    for (std::size_t i = 0; i < count; ++i)
        rows.push_back(std::vector<Real>(table.data() + i * width, table.data() + (i + 1) * width));
    return rows;
}

void print_vector(const json& result) {
    std::string line;
    for (const json& value : result["vector"]) {
        char number[24];
        std::snprintf(number, sizeof number, "%.6g", value.get<double>());
        line += (line.empty() ? "" : " ") + std::string(number);
    }
    std::cout << line << '\n';
}

void print_cosines(const std::vector<std::string>& texts, const Tensor2& cosines) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
        std::string line;
        for (std::size_t j = 0; j < texts.size(); ++j) {
            char number[16];
            std::snprintf(number, sizeof number, "%7.3f", static_cast<double>(cosines(i, j)));
            line += number;
        }
        std::cout << line << "  " << visible(texts[i]) << '\n';
    }
}

}  // namespace

void add_embed(Command app) {
    const Command command = app.add_subcommand("embed", "Make a vector of a text");
    auto inputs = std::make_shared<TaskInputs>();
    inputs->add_to(command, "a sentence encoder", false);
    command.example("vitrine embed \"The king said\" --model path/of/a/sentence-encoder --json");
    command.callback([=] {
        const std::vector<std::string> texts = inputs->read_single();
        const SentenceModel model = open_sentence_model(model_folder(inputs->model));
        json results = json::array();
        for (const json& row : rows_of(embed(model, texts, inputs->options())))
            results.push_back({{"text", texts[results.size()]}, {"vector", row}});
        inputs->print(results, print_vector);
    });
}

void add_similarity(Command app) {
    struct Options {
        std::vector<std::string> texts;
        std::string model, batch;
        bool as_json = false;
    };
    const Command command =
        app.add_subcommand("similarity", "Say how alike texts are, each with each");
    auto options = std::make_shared<Options>();
    const Argument texts = command.add_option("texts", options->texts, "two texts or more");
    command.add_option("--batch", options->batch, "a JSON array of texts (-: standard input)")
        .excludes(texts);
    command.add_option("--model", options->model, "name or folder of a sentence encoder")
        .required();
    command.add_flag("--json", options->as_json, "print JSON");
    command.example("vitrine similarity \"a cat\" \"a kitten\" --model path/of/a/sentence-encoder");
    command.callback([=] {
        TaskInputs inputs;
        inputs.batch = options->batch;
        std::vector<std::string> all =
            options->batch.empty() ? options->texts : inputs.read_single();
        if (all.size() < 2) throw UsageError("two texts or more, or --batch is required");
        const SentenceModel model = open_sentence_model(model_folder(options->model));
        const Tensor2 vectors = embed(model, all);
        const Tensor2 cosines = similarity(vectors, vectors);
        if (options->as_json) {
            print_json({{"texts", all}, {"cosines", rows_of(cosines)}});
        } else {
            print_cosines(all, cosines);
        }
    });
}

}  // namespace vitrine::cli

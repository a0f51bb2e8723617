// vitrine evaluate: how well a model predicts texts, and whether it copies what it has seen once.
#include "models/evaluate.h"

#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <numbers>

#include "cli/commands.h"
#include "cli/progress_line.h"
#include "cli/terminal.h"
#include "io/documents.h"
#include "tensor/error.h"
#include "text/tokenizer.h"

namespace vitrine::cli {

namespace {

using nlohmann::json;

struct Options {
    std::string model, unit = "file", form = "{text}";
    std::vector<std::string> data;
    Index copying = 0, rows = 10;
    bool as_json = false;
};

json texts(const LanguageModel& model, const Tokenizer& tokenizer, const Options& options) {
    ProgressLine progress;
    TokenLoss loss;
    Index bytes = 0, documents = 0;
    for (const std::string& path : options.data) {
        DocumentSource source;
        source.path = path;
        source.unit = options.unit;
        source.form = options.form;
        read_documents(source, [&](std::string_view text, const std::string&) {
            std::vector<int> ids = tokenizer.encode(text, false).ids;
            // Documents of the training text began with it; without one the first token is given.
            if (model.info().bos_id >= 0) ids.insert(ids.begin(), model.info().bos_id);
            const TokenLoss each = loss_of(model, ids);
            loss.sum += each.sum;
            loss.count += each.count;
            bytes += static_cast<Index>(text.size());
            progress.show("documents", ++documents);
        });
    }
    if (loss.count == 0) throw ArgumentError("--data", "a text of two tokens or more", "none");
    return {{"documents", documents},
            {"tokens", loss.count},
            {"bytes", bytes},
            {"loss", loss.mean()},
            {"perplexity", std::exp(loss.mean())},
            {"bits_per_byte", loss.sum / std::numbers::ln2 / static_cast<double>(bytes)}};
}

json copying(const LanguageModel& model, const Options& options) {
    const Copying got = measure_copying(model, options.copying, options.rows, model.info().bos_id);
    const auto head = [](const HeadWeight& each) {
        return json{{"layer", each.layer}, {"head", each.head}, {"weight", each.weight}};
    };
    return {{"span", options.copying},
            {"first_copy_loss", got.first.mean()},
            {"second_copy_loss", got.second.mean()},
            {"previous_token_head", head(got.previous)},
            {"induction_head", head(got.induction)}};
}

void print(const json& result) {
    const auto number = [](const json& value) { return value.get<double>(); };
    if (result.contains("texts")) {
        const json& each = result["texts"];
        std::printf(
            "%lld documents, %lld tokens: loss %.4f a token, perplexity %.2f, %.4f bits a byte\n",
            each["documents"].get<long long>(), each["tokens"].get<long long>(),
            number(each["loss"]), number(each["perplexity"]), number(each["bits_per_byte"]));
    }
    if (!result.contains("copying")) return;
    const json& each = result["copying"];
    std::printf("random tokens twice: loss %.2f at first, %.2f the second time\n",
                number(each["first_copy_loss"]), number(each["second_copy_loss"]));
    for (const char* which : {"previous_token_head", "induction_head"}) {
        const json& head = each[which];
        std::printf("%-20s layer %lld, head %lld: %.2f on average\n",
                    which[0] == 'p' ? "previous token" : "induction",
                    head["layer"].get<long long>(), head["head"].get<long long>(),
                    number(head["weight"]));
    }
}

}  // namespace

void add_evaluate(Command app) {
    const Command command = app.add_subcommand("evaluate", "Measure how well a model predicts");
    auto options = std::make_shared<Options>();
    command.add_option("--model", options->model, "folder of a model (default: the bundled one)");
    command.add_option("--data", options->data, "texts: files or folders");
    command.add_option("--unit", options->unit,
                       "a document of a text file: file, paragraph or line");
    command.add_option("--form", options->form, "the text of a record, fields in braces");
    command.add_option("--copying", options->copying, "give it so many random tokens twice");
    command.add_option("--rows", options->rows, "rows that --copying averages over").positive();
    command.add_flag("--json", options->as_json, "print JSON");
    command.example("vitrine evaluate --data tales.txt --unit paragraph --copying 40");
    command.callback([=] {
        if (options->data.empty() && options->copying == 0)
            throw UsageError("--data or --copying is required");
        const auto folder = model_folder(options->model);
        const auto model = load_language_model(folder);
        json result;
        if (!options->data.empty())
            result["texts"] = texts(*model, Tokenizer::load(folder), *options);
        if (options->copying != 0) result["copying"] = copying(*model, *options);
        if (options->as_json) {
            print_json(result);
        } else {
            print(result);
        }
    });
}

}  // namespace vitrine::cli

// vitrine show: the numbers of one activation on a text, a line for each position.
#include <cmath>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/mine.h"
#include "cli/parts.h"
#include "cli/terminal.h"
#include "models/language_model.h"
#include "tensor/error.h"
#include "tensor/shape.h"
#include "text/tokenizer.h"

namespace vitrine::cli {

namespace {

using nlohmann::json;

struct Options {
    std::string name, model, text, parts = "fast";
    Index head = 0, position = -1, count = 6;
    bool as_json = false;
};

/// Without the sign of a number that rounds to 0.
double rounded(double value) {
    return std::abs(value) < 0.005 ? 0.0 : value;
}

/// One line of a tensor, and what is said of it.
struct Row {
    std::string token;
    std::vector<Real> values;
    double mean = 0.0, deviation = 0.0, length = 0.0;
};

Row describe(std::string token, std::span<const Real> values) {
    Row row{std::move(token), {values.begin(), values.end()}};
    const auto n = static_cast<double>(values.size());
    for (const Real value : values) row.mean += static_cast<double>(value) / n;
    double squares = 0;
    for (const Real value : values) {
        const auto x = static_cast<double>(value);
        row.deviation += (x - row.mean) * (x - row.mean) / n;
        squares += x * x;
    }
    row.deviation = std::sqrt(row.deviation);
    row.length = std::sqrt(squares);
    return row;
}

/// The rows [T, width] of an activation; of one that has heads, those of one head.
std::vector<Row> rows_of(const Activation& activation, const Options& options,
                         const std::vector<std::string>& tokens) {
    const std::vector<Index>& shape = activation.shape;
    const Index width = shape.back();
    const Real* first = activation.values.data();
    if (shape.size() == 3) {
        if (options.head < 0 || options.head >= shape[0]) {
            throw ArgumentError("--head", "a number from 0 to " + std::to_string(shape[0] - 1),
                                std::to_string(options.head));
        }
        first += options.head * shape[1] * width;
    }
    std::vector<Row> rows;
    for (std::size_t t = 0; t < tokens.size(); ++t) {
        const Real* values = first + static_cast<Index>(t) * width;
        rows.push_back(describe(tokens[t], {values, static_cast<std::size_t>(width)}));
    }
    return rows;
}

/// "blocks.*.resid_post" and the like, as many activations as fit.
ActivationCache run(const LanguageModel& model, const std::vector<int>& ids,
                    const Options& options) {
    Record record = Record::of({options.name});
    const Sequence sequence{ids, nullptr, &record};
    model.forward({&sequence, 1}, Logits::all, parts_named(options.parts));
    if (record.cache().empty()) {
        throw ArgumentError("activation", "a name as blocks.0.attn.pattern or logits",
                            "\"" + options.name + "\"",
                            "`vitrine compare --parts chapters --json` lists all names");
    }
    return record.take_cache();
}

void print_rows(const std::string& name, const Activation& activation, const Options& options,
                const std::vector<Row>& rows) {
    std::cout << styled(name, Style::bold) << "  [" << activation.axes
              << "] = " << shape_text(activation.shape);
    if (activation.shape.size() == 3) std::cout << ", head " << options.head;
    std::cout << "\n      " << padded("token", 14) << "    mean  deviation   length   values\n";
    for (std::size_t t = 0; t < rows.size(); ++t) {
        const Row& row = rows[t];
        if (options.position >= 0 && options.position != static_cast<Index>(t)) continue;
        char text[96];
        std::snprintf(text, sizeof text, "%8.2f %10.2f %8.2f  ", rounded(row.mean), row.deviation,
                      row.length);
        std::cout << padded("  " + std::to_string(t), 6) << padded(row.token, 14) << text;
        const auto shown = std::min(row.values.size(), static_cast<std::size_t>(options.count));
        for (std::size_t i = 0; i < shown; ++i) {
            std::snprintf(text, sizeof text, "%7.2f", rounded(static_cast<double>(row.values[i])));
            std::cout << text;
        }
        std::cout << (shown < row.values.size() ? " …\n" : "\n");
    }
}

json to_json(const std::vector<Row>& rows, const Options& options) {
    json list = json::array();
    for (std::size_t t = 0; t < rows.size(); ++t) {
        if (options.position >= 0 && options.position != static_cast<Index>(t)) continue;
        list.push_back({{"position", t},
                        {"token", rows[t].token},
                        {"mean", rows[t].mean},
                        {"deviation", rows[t].deviation},
                        {"length", rows[t].length},
                        {"values", rows[t].values}});
    }
    return list;
}

void show(const Options& options) {
    if (is_mine(options.parts) && !in_learner_process()) {
        const int status = run_in_learner_process(options.parts);
        if (status != 0) throw ExitStatus(status);
        return;
    }
    const auto folder = model_folder(options.model);
    const auto model = load_language_model(folder);
    const Tokenizer tokenizer = Tokenizer::load(folder);
    Encoding text = tokenizer.encode(options.text, false);
    std::vector<int> ids = text.ids;
    if (model->info().bos_id >= 0) ids.insert(ids.begin(), model->info().bos_id);  // as in the app
    std::vector<std::string> tokens;
    tokens.reserve(ids.size());
    for (const int id : ids) {
        tokens.push_back(tokenizer.is_special(id) ? tokenizer.token(id)
                                                  : visible(tokenizer.bytes(id)));
    }
    const ActivationCache cache = run(*model, ids, options);
    json all = json::object();
    for (const auto& [name, activation] : cache) {
        const std::vector<Row> rows = rows_of(activation, options, tokens);
        if (options.as_json) {
            all[name] = {{"axes", activation.axes},
                         {"shape", activation.shape},
                         {"rows", to_json(rows, options)}};
        } else {
            print_rows(name, activation, options, rows);
        }
    }
    if (options.as_json) print_json(all);
}

}  // namespace

void add_show(Command app) {
    const Command command = app.add_subcommand("show", "The numbers of one activation on a text");
    auto options = std::make_shared<Options>();
    command.add_option("activation", options->name, "its name; * stands for any characters")
        .required();
    command.add_option("--text", options->text, "what the model reads").required();
    command.add_option("--model", options->model, "name or folder (default: the bundled one)");
    command.add_option("--head", options->head, "of an activation that has heads");
    command.add_option("--position", options->position, "one position only");
    command.add_option("--values", options->count, "how many values of a line are shown")
        .range(0, 1 << 20);
    add_parts_option(command, options->parts);
    command.add_flag("--json", options->as_json, "print JSON, with all values");
    command.example("vitrine show blocks.0.ln_1 --text \"The king said\"");
    command.callback([=] { show(*options); });
}

}  // namespace vitrine::cli

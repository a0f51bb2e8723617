// vitrine nearest: the tokens whose vectors point most nearly where one token's vector points.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "chapters/02_embeddings/embeddings.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "models/decoder.h"
#include "tensor/error.h"
#include "text/tokenizer.h"

namespace vitrine::cli {

namespace {

using nlohmann::json;

struct Options {
    std::string token, model;
    int count = 8;
    bool as_json = false;
};

/// The one token of a text; of several the learner is told.
int token_of(const Tokenizer& tokenizer, const std::string& text) {
    const Encoding encoding = tokenizer.encode(text, false);
    if (encoding.ids.size() == 1) return encoding.ids.front();
    std::string pieces;
    for (const int id : encoding.ids)
        pieces += (pieces.empty() ? "" : " ") + visible(tokenizer.bytes(id));
    throw ArgumentError("token", "a text that is one token",
                        std::to_string(encoding.ids.size()) + ": " + pieces,
                        "words inside of a text begin with a space, as \" king\"");
}

void nearest(const Options& options) {
    const auto folder = model_folder(options.model);
    const auto model = load_language_model(folder);
    const auto* decoder = dynamic_cast<const Decoder*>(model.get());
    if (decoder == nullptr) throw ArgumentError("model", "one with a token table", options.model);
    const Tokenizer tokenizer = Tokenizer::load(folder);
    const int id = token_of(tokenizer, options.token);
    const Tensor2 table = decoder->weights().wte.values();  // [V, C]
    const Ref1 vector = Ref2(table)[id];
    json all = json::array();
    for (const int other : chapters::nearest(vector, table, options.count)) {
        const double cosine = chapters::cosine(vector, Ref2(table)[other]);
        const std::string token = visible(tokenizer.bytes(other));
        if (options.as_json) {
            all.push_back({{"id", other}, {"token", token}, {"cosine", cosine}});
            continue;
        }
        char number[16];
        std::snprintf(number, sizeof number, "%5.2f", cosine);
        std::cout << number << "  " << padded(std::to_string(other), 7) << token << '\n';
    }
    if (options.as_json) print_json(all);
}

}  // namespace

void add_nearest(Command app) {
    const Command command =
        app.add_subcommand("nearest", "The tokens whose vectors are most like one's");
    auto options = std::make_shared<Options>();
    command.add_option("token", options->token, "a text that is one token").required();
    command.add_option("--model", options->model, "name or folder (default: the bundled one)");
    command.add_option("--count", options->count, "how many").range(1, 1 << 20);
    command.add_flag("--json", options->as_json, "print JSON");
    command.example("vitrine nearest \" king\"");
    command.callback([=] { nearest(*options); });
}

}  // namespace vitrine::cli

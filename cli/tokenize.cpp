// vitrine tokenize, vitrine decode: text to ids and back.
#include <fstream>
#include <iostream>
#include <memory>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "io/json.h"
#include "tensor/error.h"
#include "text/utf8.h"

namespace vitrine::cli {

namespace {

using nlohmann::json;

struct Options {
    std::string text, tokenizer, model, batch, ids;
    bool as_json = false, no_special = false, keep_special = false;

    Tokenizer load() const {
        return Tokenizer::load(tokenizer.empty() ? model_folder(model)
                                                 : std::filesystem::path(tokenizer));
    }
};

json to_json(const Encoding& encoding) {
    return {{"ids", encoding.ids},
            {"tokens", encoding.tokens},
            {"offsets", encoding.offsets},
            {"type_ids", encoding.type_ids}};
}

void print_table(const Tokenizer& tokenizer, const std::string& text, const Encoding& encoding) {
    int widest = 5;
    std::vector<std::string> pieces;
    for (const int id : encoding.ids) {
        pieces.push_back(visible(tokenizer.bytes(id)));
        widest = std::max(widest, columns(pieces.back()));
    }
    std::cout << styled(padded("piece", widest) + "      id  characters", Style::dim) << '\n';
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const std::string id = std::to_string(encoding.ids[i]);
        const auto [begin, end] = encoding.offsets[i];
        std::cout << styled(padded(pieces[i], widest), Style::accent)
                  << std::string(8 - std::min<std::size_t>(8, id.size()), ' ') << id << "  "
                  << begin << "-" << end << '\n';
    }
    std::cout << styled(std::to_string(count_characters(text)) + " characters, " +
                            std::to_string(text.size()) + " bytes, " +
                            std::to_string(pieces.size()) + " tokens",
                        Style::dim)
              << '\n';
}

/// Texts or pairs of texts from a JSON array.
json encode_batch(const Tokenizer& tokenizer, const Options& options) {
    const json batch = options.batch == "-" ? parse_json(text_or_stdin("-"), "standard input")
                                            : read_json(options.batch);
    if (!batch.is_array()) throw FileError(options.batch, "a JSON array", batch.type_name());
    json results = json::array();
    for (const json& item : batch) {
        const std::string where = options.batch + ", item " + std::to_string(results.size());
        const bool is_pair =
            item.is_array() && item.size() == 2 && item[0].is_string() && item[1].is_string();
        if (!item.is_string() && !is_pair) {
            throw FileError(where, "a text or a pair of texts", item.dump().substr(0, 60));
        }
        const bool special = !options.no_special;
        results.push_back(to_json(is_pair
                                      ? tokenizer.encode_pair(item[0].get<std::string>(),
                                                              item[1].get<std::string>(), special)
                                      : tokenizer.encode(item.get<std::string>(), special)));
    }
    return results;
}

void tokenize(const Options& options) {
    const Tokenizer tokenizer = options.load();
    if (!options.batch.empty()) {
        print_json(encode_batch(tokenizer, options));
        return;
    }
    const std::string text = text_or_stdin(options.text);
    const Encoding encoding = tokenizer.encode(text, !options.no_special);
    if (options.as_json) {
        print_json(to_json(encoding));
    } else {
        print_table(tokenizer, text, encoding);
    }
}

void add_model_options(CLI::App& command, Options& options) {
    auto* tokenizer = command.add_option(
        "--tokenizer", options.tokenizer,
        "tokenizer.json, or a folder with one or with vocab.json and merges.txt");
    command.add_option("--model", options.model, "folder of a model (default: the bundled one)")
        ->excludes(tokenizer);
}

}  // namespace

void add_tokenize(CLI::App& app) {
    auto* command = app.add_subcommand("tokenize", "Show the tokens of a text");
    auto options = std::make_shared<Options>();
    auto* text = command->add_option("text", options->text, "the text; - reads standard input");
    auto* batch = command->add_option("--batch", options->batch,
                                      "a JSON array of texts or [a, b] pairs (-: standard input)");
    batch->excludes(text);
    add_model_options(*command, *options);
    command->add_flag("--json", options->as_json, "print JSON");
    command->add_flag("--no-special", options->no_special, "leave special tokens out");
    example(*command, "vitrine tokenize \"The king said 안녕하세요\"");
    command->callback([=] {
        if (text->count() == 0 && batch->count() == 0) throw CLI::RequiredError("text or --batch");
        tokenize(*options);
    });
}

void add_decode(CLI::App& app) {
    auto* command = app.add_subcommand("decode", "Turn token ids back into text");
    auto options = std::make_shared<Options>();
    command->add_option("--ids", options->ids, "ids with commas between them")->required();
    add_model_options(*command, *options);
    command->add_flag("--keep-special", options->keep_special, "keep special tokens in the text");
    command->add_flag("--json", options->as_json, "print JSON");
    example(*command, "vitrine decode --ids 356,2769,431");
    command->callback([=] {
        const std::vector<int> ids = parse_ids(options->ids);
        const std::string text = options->load().decode(ids, options->keep_special);
        if (options->as_json) {
            print_json({{"ids", ids}, {"text", text}});
        } else {
            std::cout << text << '\n';
        }
    });
}

}  // namespace vitrine::cli

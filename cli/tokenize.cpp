// vitrine tokenize: text to pieces, ids and offsets.
#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/batch.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/tokenizer_options.h"
#include "tensor/error.h"
#include "text/utf8.h"

namespace vitrine::cli {

namespace {

using nlohmann::json;

struct Options {
    TokenizerOptions tokenizer;
    std::string text, batch;
    bool as_json = false, no_special = false;
};

json to_json(const Encoding& encoding) {
    return {{"ids", encoding.ids},
            {"tokens", encoding.tokens},
            {"offsets", encoding.offsets},
            {"type_ids", encoding.type_ids}};
}

std::string right_aligned(const std::string& text, int width) {
    return std::string(static_cast<std::size_t>(std::max(0, width - columns(text))), ' ') + text;
}

void print_table(const Tokenizer& tokenizer, const std::string& text, const Encoding& encoding) {
    constexpr int id_width = 8;
    constexpr int offset_width = 12;
    int widest = columns("piece");
    std::vector<std::string> pieces;
    for (const int id : encoding.ids) {
        pieces.push_back(visible(tokenizer.bytes(id)));
        widest = std::max(widest, columns(pieces.back()));
    }
    std::cout << styled(padded("piece", widest) + right_aligned("id", id_width) +
                            right_aligned("characters", offset_width),
                        Style::dim)
              << '\n';
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const auto [begin, end] = encoding.offsets[i];
        std::cout << styled(padded(pieces[i], widest), Style::accent)
                  << right_aligned(std::to_string(encoding.ids[i]), id_width)
                  << right_aligned(std::to_string(begin) + "-" + std::to_string(end), offset_width)
                  << '\n';
    }
    std::cout << styled(std::to_string(count_characters(text)) + " characters, " +
                            std::to_string(text.size()) + " bytes, " +
                            std::to_string(pieces.size()) + " tokens",
                        Style::dim)
              << '\n';
}

/// The encodings of the texts, or pairs of texts, in a JSON array.
json encode_batch(const Tokenizer& tokenizer, const std::string& file, bool special) {
    json results = json::array();
    for (const TaskText& each : read_batch(file)) {
        results.push_back(to_json(each.pair ? tokenizer.encode_pair(each.text, *each.pair, special)
                                            : tokenizer.encode(each.text, special)));
    }
    return results;
}

void tokenize(const Options& options) {
    const Tokenizer tokenizer = options.tokenizer.load();
    const bool special = !options.no_special;
    if (!options.batch.empty()) {
        print_json(encode_batch(tokenizer, options.batch, special));
        return;
    }
    const std::string text = text_or_stdin(options.text);
    const Encoding encoding = tokenizer.encode(text, special);
    if (options.as_json) {
        json result = to_json(encoding);
        result["text"] = text;
        print_json(result);
    } else {
        print_table(tokenizer, text, encoding);
    }
}

}  // namespace

void add_tokenize(Command app) {
    const Command command = app.add_subcommand("tokenize", "Show the tokens of a text");
    auto options = std::make_shared<Options>();
    const Argument text =
        command.add_option("text", options->text, "the text; - reads standard input");
    const Argument batch = command.add_option(
        "--batch", options->batch, "a JSON array of texts or [a, b] pairs (-: standard input)");
    batch.excludes(text);
    options->tokenizer.add_to(command);
    command.add_flag("--json", options->as_json, "print JSON");
    command.add_flag("--no-special", options->no_special, "leave special tokens out");
    command.example("vitrine tokenize \"The king said 안녕하세요\"");
    command.callback([=] {
        if (!text.given() && !batch.given()) throw UsageError("text or --batch is required");
        tokenize(*options);
    });
}

}  // namespace vitrine::cli

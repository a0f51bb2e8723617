// vitrine train tokenizer: texts to a tokenizer.json.
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/progress_line.h"
#include "cli/terminal.h"
#include "io/atomic_file.h"
#include "io/documents.h"
#include "tensor/error.h"
#include "text/tokenizer.h"
#include "text/tokenizer_trainer.h"
#include "text/utf8.h"

namespace vitrine::cli {

namespace {

struct Options {
    std::vector<std::string> files;
    std::string out, form = "{text}";
    TokenizerTrainerOptions trainer;
    bool skip_invalid = false, as_json = false;
};

/// What was read.
struct Read {
    Index documents = 0, bytes = 0, skipped = 0;
};

/// Hands every document of the files on. Text that is not UTF-8 would teach the tokenizer
/// characters that nobody wrote, so it is refused, or left out if that was asked for.
template <class Each>
Read read_all(const Options& options, Each each) {
    Read read;
    for (const std::string& path : options.files) {
        DocumentSource source;
        source.path = path;
        source.form = options.form;
        read_documents(source, [&](std::string_view text, const std::string& where) {
            const std::size_t invalid = first_invalid_byte(text);
            if (invalid != std::string_view::npos && !options.skip_invalid) {
                throw TextError(where, "UTF-8",
                                "an invalid byte " + std::to_string(invalid) + " bytes further on",
                                "convert the file, or leave such documents out with "
                                "--skip-invalid");
            }
            if (invalid != std::string_view::npos) {
                ++read.skipped;
                return;
            }
            ++read.documents;
            read.bytes += static_cast<Index>(text.size());
            each(text);
        });
    }
    return read;
}

nlohmann::ordered_json train_tokenizer(const Options& options) {
    const std::filesystem::path folder = options.out;
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) throw FileError(options.out, "a folder that can be written", failed.message());
    { const AtomicFile can_be_written(folder / "tokenizer.json"); }

    ProgressLine progress;
    TokenizerTrainer trainer(options.trainer);
    Index bytes = 0;
    const Read read = read_all(options, [&](std::string_view text) {
        trainer.add(text);
        bytes += static_cast<Index>(text.size());
        progress.show("bytes read", bytes);
    });
    const TrainedTokenizer trained = trainer.train(
        [&](const char* phase, Index done, Index total) { progress.show(phase, done, total); });
    write_text_file(folder / "tokenizer.json", trained.tokenizer_json);
    write_text_file(folder / "tokenizer_config.json", trained.config_json);
    return {
        {"out", (folder / "tokenizer.json").string()},
        {"model", options.trainer.model},
        {"vocabulary", trained.vocabulary},
        {"documents", read.documents},
        {"skipped_documents", read.skipped},
        {"bytes", read.bytes},
        {"different_words", trained.words},
        {"tokens", trained.tokens},
        {"bytes_per_token", static_cast<double>(read.bytes) / static_cast<double>(trained.tokens)}};
}

void print_summary(const nlohmann::ordered_json& result, Index asked) {
    const auto number = [&](const char* key) { return std::to_string(result[key].get<Index>()); };
    char per_token[32];
    std::snprintf(per_token, sizeof per_token, "%.2f", result["bytes_per_token"].get<double>());
    std::cout << result["out"].get<std::string>() << ": " << number("vocabulary") << " tokens from "
              << number("documents") << " documents, " << number("bytes") << " bytes; " << per_token
              << " bytes a token\n";
    if (result["vocabulary"] < asked)
        std::cout << "fewer tokens than asked: the texts have no more pairs to join\n";
    if (result["skipped_documents"] > 0)
        std::cout << number("skipped_documents") << " documents left out: not UTF-8\n";
}

}  // namespace

void add_train_tokenizer(Command train) {
    const Command command = train.add_subcommand("tokenizer", "Learn the tokens of texts");
    auto options = std::make_shared<Options>();
    TokenizerTrainerOptions& trainer = options->trainer;
    command
        .add_option("--files", options->files,
                    "texts: files or folders with .txt, .md, .jsonl, .json, .csv, .tsv; UTF-8, "
                    "other bytes are an error")
        .required();
    command.add_option("--vocab-size", trainer.vocabulary, "tokens in all")
        .required()
        .range(1, 1 << 24);
    command.add_option("--out", options->out, "the folder that gets tokenizer.json").required();
    command
        .add_option(
            "--model", trainer.model,
            "bpe: byte-level byte pair encoding, as GPT-2's; wordpiece: BERT's; unigram: T5's")
        .one_of(trainable_models());
    command.add_option("--min-frequency", trainer.min_count,
                       "bpe, wordpiece: how often a pair must come to be joined");
    command.add_option(
        "--special", trainer.special,
        "a special token; may be given several times (bpe: <|endoftext|> if none is; "
        "wordpiece and unigram have those of BERT and T5 as well)");
    command.add_flag("--lowercase", trainer.lowercase,
                     "wordpiece: small letters without accents; Hangul comes apart into letters");
    command
        .add_option("--limit-alphabet", trainer.alphabet_limit,
                    "wordpiece: so many characters are tokens, the most frequent (0: all)")
        .non_negative();
    command
        .add_option("--character-coverage", trainer.coverage,
                    "unigram: share of the text whose characters are tokens")
        .range(0.5, 1.0);
    command.add_option("--form", options->form,
                       "the text of a record, fields in braces (default: {text})");
    command.add_flag("--skip-invalid", options->skip_invalid,
                     "leave out documents that are not UTF-8");
    command.add_flag("--json", options->as_json, "print JSON");
    command.example("vitrine train tokenizer --files tales.txt --vocab-size 4000 --out tales");
    command.callback([=] {
        const nlohmann::ordered_json result = train_tokenizer(*options);
        if (options->as_json) {
            std::cout << result.dump(2) << '\n';
        } else {
            print_summary(result, options->trainer.vocabulary);
        }
    });
}

}  // namespace vitrine::cli

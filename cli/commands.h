// The subcommands: one file each. add_NAME registers NAME with its options and what it does.
// A failure is an exception: main() prints it as one line and exits with 1; bad usage exits with 2.
#pragma once

#include <CLI/CLI.hpp>

namespace vitrine::cli {

void add_tokenize(CLI::App& app);
void add_decode(CLI::App& app);
void add_trace(CLI::App& app);
void add_generate(CLI::App& app);
void add_classify(CLI::App& app);
void add_fill_mask(CLI::App& app);
void add_next_sentence(CLI::App& app);
void add_embed(CLI::App& app);
void add_similarity(CLI::App& app);
void add_translate(CLI::App& app);
void add_caption_match(CLI::App& app);
void add_compare(CLI::App& app);
void add_gradients(CLI::App& app);
void add_characters(CLI::App& app);
void add_show(CLI::App& app);
void add_nearest(CLI::App& app);
void add_next(CLI::App& app);
void add_evaluate(CLI::App& app);
void add_models(CLI::App& app);
void add_exercises(CLI::App& app);  // list, start, check, hint, reset
void add_bench(CLI::App& app);
void add_bench_train(CLI::App& bench);
void add_train(CLI::App& app);
void add_train_tokenizer(CLI::App& train);
void add_train_lm(CLI::App& train);
#ifdef VITRINE_HAVE_APP
void add_app(CLI::App& app);
/// `vitrine` without a subcommand.
void open_default_app();
#endif

/// Adds an example to a subcommand's --help.
inline void example(CLI::App& command, const std::string& line) {
    command.footer("Example:\n  " + line);
}

}  // namespace vitrine::cli

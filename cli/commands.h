// The subcommands: one file each. add_NAME registers NAME with its options and what it does.
// A failure is an exception: main() prints it as one line and exits with 1; bad usage exits with 2.
#pragma once

#include "cli/arguments.h"

namespace vitrine::cli {

void add_tokenize(Command app);
void add_decode(Command app);
void add_trace(Command app);
void add_generate(Command app);
void add_classify(Command app);
void add_fill_mask(Command app);
void add_next_sentence(Command app);
void add_embed(Command app);
void add_similarity(Command app);
void add_translate(Command app);
void add_caption_match(Command app);
void add_compare(Command app);
void add_gradients(Command app);
void add_characters(Command app);
void add_show(Command app);
void add_nearest(Command app);
void add_next(Command app);
void add_evaluate(Command app);
void add_models(Command app);
void add_exercises(Command app);  // list, start, check, hint, reset
void add_bench(Command app);
void add_bench_train(Command bench);
void add_train(Command app);
void add_train_tokenizer(Command train);
void add_train_lm(Command train);
#ifdef VITRINE_HAVE_APP
void add_app(Command app);
/// `vitrine` without a subcommand.
void open_default_app();
#endif

}  // namespace vitrine::cli

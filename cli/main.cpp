// The entry point of the `vitrine` program.
#include "cli/commands.h"

namespace vitrine::cli {

namespace {

void add_commands(Command program) {
    add_tokenize(program);
    add_decode(program);
    add_trace(program);
    add_generate(program);
    add_classify(program);
    add_fill_mask(program);
    add_next_sentence(program);
    add_embed(program);
    add_similarity(program);
    add_translate(program);
    add_caption_match(program);
    add_compare(program);
    add_gradients(program);
    add_characters(program);
    add_show(program);
    add_nearest(program);
    add_next(program);
    add_evaluate(program);
    add_models(program);
    add_exercises(program);
    add_train(program);
    add_bench(program);
#ifdef VITRINE_HAVE_APP
    add_app(program);
    program.callback(open_default_app);
#else
    program.callback([] { throw UsageError("A subcommand is required"); });
#endif
}

}  // namespace

}  // namespace vitrine::cli

int main(int argc, char** argv) {
    return vitrine::cli::run_program("Vitrine: understand the transformer by building it",
                                     VITRINE_VERSION, argc, argv, vitrine::cli::add_commands);
}

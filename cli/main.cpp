// The entry point of the `vitrine` program.
#include <cstdio>
#include <exception>

#include "cli/commands.h"

int main(int argc, char** argv) {
    CLI::App app{"Vitrine: understand the transformer by building it", "vitrine"};
    app.set_version_flag("--version", VITRINE_VERSION);
    app.require_subcommand(0, 1);
    vitrine::cli::add_tokenize(app);
    vitrine::cli::add_decode(app);
    vitrine::cli::add_trace(app);
    vitrine::cli::add_generate(app);
    vitrine::cli::add_classify(app);
    vitrine::cli::add_fill_mask(app);
    vitrine::cli::add_next_sentence(app);
    vitrine::cli::add_embed(app);
    vitrine::cli::add_similarity(app);
    vitrine::cli::add_translate(app);
    vitrine::cli::add_caption_match(app);
    vitrine::cli::add_compare(app);
    vitrine::cli::add_gradients(app);
    vitrine::cli::add_characters(app);
    vitrine::cli::add_show(app);
    vitrine::cli::add_nearest(app);
    vitrine::cli::add_next(app);
    vitrine::cli::add_evaluate(app);
    vitrine::cli::add_models(app);
    vitrine::cli::add_exercises(app);
    vitrine::cli::add_train(app);
    vitrine::cli::add_bench(app);
#ifdef VITRINE_HAVE_APP
    vitrine::cli::add_app(app);
#endif
    try {
        app.parse(argc, argv);
        if (app.get_subcommands().empty()) {
#ifdef VITRINE_HAVE_APP
            vitrine::cli::open_default_app();
#else
            throw CLI::RequiredError("A subcommand");
#endif
        }
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::RuntimeError& status) {
        return status.get_exit_code();
    } catch (const CLI::ParseError& usage) {
        std::fprintf(stderr, "vitrine: %s (see --help)\n", usage.what());
        return 2;
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "vitrine: %s\n", failure.what());
        return 1;
    }
    return 0;
}

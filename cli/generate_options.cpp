#include "cli/generate_options.h"

namespace vitrine::cli {

void add_generate_options(Command command, GenerateOptions& generate) {
    Sampling& sampling = generate.sampling;
    command.add_option("--max-new-tokens", generate.max_new_tokens, "how many tokens at most");
    command.add_option("--temperature", sampling.temperature, "0: the likeliest token always");
    command.add_option("--top-k", sampling.top_k, "only the k likeliest; 0: all");
    command.add_option("--top-p", sampling.top_p, "only the likeliest that reach p together");
    command.add_option("--min-p", sampling.min_p, "only those of at least p times the likeliest");
    command.add_option("--repetition-penalty", sampling.repetition_penalty,
                       "above 1: less repetition");
    command.add_option("--no-repeat-ngram", sampling.no_repeat_ngram,
                       "no n tokens come twice in a row");
    command.add_option("--beams", generate.beams, "beam search with so many beams");
    command.add_option("--seed", sampling.seed, "the same seed draws the same text");
    command.add_option("--stop", generate.stop, "end before this text; may be given several times");
    command.add_flag("--ignore-eos", generate.ignore_eos, "go on after the end-of-text token");
}

}  // namespace vitrine::cli

// vitrine trace: runs a model and writes what happened inside.
#include <iostream>
#include <memory>

#include "cli/commands.h"
#include "cli/mine.h"
#include "cli/parts.h"
#include "cli/terminal.h"
#include "cli/trace_inputs.h"
#include "cli/trace_runs.h"

namespace vitrine::cli {

namespace {

struct Options {
    std::string model, inputs, out, parts = "fast";
    TextInputs texts;
    std::vector<std::string> names;
    bool all = false;
};

void trace(const Options& options) {
    if (is_mine(options.parts) && !in_learner_process()) {
        const int status = run_in_learner_process(options.parts);
        if (status != 0) throw ExitStatus(status);
        return;
    }
    const Parts& parts = parts_named(options.parts);
    const auto folder = model_folder(options.model);
    const Model model = load_model(folder);
    const TraceInputs inputs = options.inputs.empty() ? read_texts(options.texts, model, folder)
                                                      : read_tensors(options.inputs);
    Wanted wanted(options.names, options.all);
    const auto tensors = run_and_gather(model, inputs, parts, wanted);
    wanted.check_all_fitted();
    write_safetensors(options.out, tensors);
    std::cout << tensors.size() << " tensors written to " << options.out << '\n';
}

}  // namespace

void add_trace(Command app) {
    const Command command = app.add_subcommand("trace", "Run a model and write its activations");
    auto options = std::make_shared<Options>();
    TextInputs& texts = options->texts;
    command.add_option("--model", options->model, "folder of a model (default: the bundled one)");
    const Argument inputs = command.add_option(
        "--inputs", options->inputs,
        "safetensors with input_ids [B, T]; attention_mask if there is padding, token_type_ids, "
        "decoder_input_ids, pixel_values where the model has them");
    const Argument text = command.add_option("--text", texts.text, "a text, in place of --inputs");
    const Argument image =
        command.add_option("--image", texts.image, "a picture, for a model that sees");
    command.add_option("--pair", texts.pair, "the second text of a pair").needs(text);
    command.add_option("--decoder-text", texts.decoder_text, "what an encoder-decoder writes")
        .needs(text);
    inputs.excludes(text).excludes(image);
    command.add_option("--out", options->out, "safetensors to write").required();
    add_parts_option(command, options->parts);
    command
        .add_option("--names", options->names, "activations to write as well, * for any characters")
        .delimiter(',');
    command.add_flag("--all", options->all, "write every activation");
    command.example("vitrine trace --text \"Hello\" --out out.safetensors --names blocks.0.attn.q");
    command.callback([=] {
        if (!inputs.given() && !text.given() && !image.given()) {
            throw UsageError("--inputs, --text or --image is required");
        }
        trace(*options);
    });
}

}  // namespace vitrine::cli

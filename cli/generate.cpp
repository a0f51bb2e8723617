// vitrine generate: text that goes on from a prompt.
#include "generate/generate.h"

#include <iostream>
#include <memory>
#include <optional>

#include "cli/commands.h"
#include "cli/generate_options.h"
#include "cli/interrupt.h"
#include "cli/mine.h"
#include "cli/parts.h"
#include "cli/terminal.h"
#include "tensor/error.h"
#include "text/chat_template.h"

namespace vitrine::cli {

namespace {

struct Options {
    std::string model, prompt, system, parts = "fast";
    std::optional<std::string> ids;
    GenerateOptions generate;
    bool as_json = false, no_bos = false, chats = false;
};

/// The prompt's ids. Documents of the training text start with the start-of-text token, so a text
/// does too, unless it was turned off; ids are taken as they are.
std::vector<int> prompt_ids(const Options& options, const LanguageModel& model,
                            const Tokenizer& tokenizer, const std::filesystem::path& folder) {
    if (options.ids) return parse_ids(*options.ids);
    if (options.chats) {
        std::vector<ChatMessage> messages;
        if (!options.system.empty()) messages.push_back({"system", options.system});
        messages.push_back({"user", text_or_stdin(options.prompt)});
        // The template writes the special tokens itself.
        return tokenizer.encode(ChatTemplate::load(folder).render(messages), false).ids;
    }
    std::vector<int> ids = tokenizer.encode(text_or_stdin(options.prompt)).ids;
    const int bos = model.info().bos_id;
    const bool starts_with_it = !ids.empty() && ids.front() == bos;
    if (bos >= 0 && !starts_with_it && !options.no_bos) ids.insert(ids.begin(), bos);
    return ids;
}

void generate_text(const Options& options) {
    if (is_mine(options.parts) && !in_learner_process()) {
        const int status = run_in_learner_process(options.parts);
        if (status != 0) throw ExitStatus(status);
        return;
    }
    const StopOnInterrupt interrupt;
    const Parts& parts = parts_named(options.parts);
    const auto folder = model_folder(options.model);
    const auto model = load_language_model(folder);
    const Tokenizer tokenizer = Tokenizer::load(folder);
    const std::vector<int> prompt = prompt_ids(options, *model, tokenizer, folder);
    const auto on_text = [&](std::string_view text) {
        if (!options.as_json) std::cout << text << std::flush;
    };
    const Generated made =
        generate(*model, tokenizer, prompt, options.generate, on_text, parts, interrupt.token());
    if (options.as_json) {
        print_json({{"ids", made.ids},
                    {"text", made.text},
                    {"tokens_per_second", made.tokens_per_second},
                    {"finish", made.finish}});
    } else {
        std::cout << '\n';
    }
    if (made.finish == "stopped") throw ExitStatus(interrupted_status);
}

}  // namespace

void add_generate(Command app) {
    const Command command = app.add_subcommand("generate", "Go on from a prompt, token by token");
    auto options = std::make_shared<Options>();
    command.add_option("--model", options->model, "folder of a model (default: the bundled one)");
    const Argument prompt = command.add_option("--prompt", options->prompt,
                                               "the text to go on from; -: standard input");
    const Argument ids =
        command.add_option("--ids", options->ids, "the prompt as ids with commas between them");
    prompt.excludes(ids);
    add_generate_options(command, options->generate);
    command.add_flag("--no-bos", options->no_bos,
                     "don't put the start token in front of the prompt");
    const Argument chat = command.add_flag(
        "--chat", options->chats, "the prompt is what a user says, in the model's chat template");
    chat.excludes(ids);
    command.add_option("--system", options->system, "what the model is told first").needs(chat);
    add_parts_option(command, options->parts);
    command.add_flag("--json", options->as_json, "print JSON at the end");
    command.example("vitrine generate --prompt \"Once upon a time\" --temperature 0.8 --seed 1");
    command.callback([=] {
        if (!prompt.given() && !ids.given()) throw UsageError("--prompt or --ids is required");
        generate_text(*options);
    });
}

}  // namespace vitrine::cli

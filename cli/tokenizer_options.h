// --tokenizer and --model: which tokenizer a command uses.
#pragma once

#include <filesystem>
#include <string>

#include "cli/arguments.h"
#include "cli/terminal.h"
#include "text/tokenizer.h"

namespace vitrine::cli {

struct TokenizerOptions {
    std::string tokenizer, model;

    void add_to(Command command) {
        const Argument path = command.add_option(
            "--tokenizer", tokenizer,
            "tokenizer.json, or a folder with one or with vocab.json and merges.txt");
        command.add_option("--model", model, "folder of a model (default: the bundled one)")
            .excludes(path);
    }
    /// @throws FileError
    Tokenizer load() const {
        return Tokenizer::load(tokenizer.empty() ? model_folder(model)
                                                 : std::filesystem::path(tokenizer));
    }
};

}  // namespace vitrine::cli

// vitrine decode: ids back to text.
#include <iostream>
#include <memory>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/tokenizer_options.h"

namespace vitrine::cli {

namespace {

struct Options {
    TokenizerOptions tokenizer;
    std::string ids;
    bool keep_special = false, as_json = false;
};

void decode(const Options& options) {
    const std::vector<int> ids = parse_ids(options.ids);
    const std::string text = options.tokenizer.load().decode(ids, options.keep_special);
    if (options.as_json) {
        print_json({{"ids", ids}, {"text", text}});
    } else {
        std::cout << text << '\n';
    }
}

}  // namespace

void add_decode(Command app) {
    const Command command = app.add_subcommand("decode", "Turn token ids back into text");
    auto options = std::make_shared<Options>();
    command.add_option("--ids", options->ids, "ids with commas between them").required();
    options->tokenizer.add_to(command);
    command.add_flag("--keep-special", options->keep_special, "keep special tokens in the text");
    command.add_flag("--json", options->as_json, "print JSON");
    command.example("vitrine decode --ids 356,2769,431");
    command.callback([=] { decode(*options); });
}

}  // namespace vitrine::cli

// vitrine translate: a text from a text, by an encoder-decoder.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/generate_options.h"
#include "cli/task_options.h"
#include "cli/terminal.h"

namespace vitrine::cli {

using nlohmann::json;

void add_translate(Command app) {
    const Command command = app.add_subcommand("translate", "Make a text of a text (T5)");
    auto inputs = std::make_shared<TaskInputs>();
    auto generate = std::make_shared<GenerateOptions>(likeliest());
    inputs->add_to(command, "an encoder-decoder", false);
    add_generate_options(command, *generate);
    command.example(
        "vitrine translate \"translate English to German: Good morning.\" --model path/of/a/t5");
    command.callback([=] {
        const std::vector<std::string> texts = inputs->read_single();
        const LoadedModel model = open_model(model_folder(inputs->model));
        json results = json::array();
        for (const Generated& made : translate(model, texts, *generate, inputs->options())) {
            results.push_back({{"text", texts[results.size()]},
                               {"ids", made.ids},
                               {"result", made.text},
                               {"finish", made.finish}});
        }
        inputs->print(results, [](const json& result) {
            std::cout << result["result"].get<std::string>() << '\n';
        });
    });
}

}  // namespace vitrine::cli

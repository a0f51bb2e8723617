// vitrine next-sentence: does the second text follow the first?
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/task_options.h"
#include "cli/terminal.h"

namespace vitrine::cli {

using nlohmann::json;

void add_next_sentence(Command app) {
    const Command command =
        app.add_subcommand("next-sentence", "Say whether one text follows another");
    auto inputs = std::make_shared<TaskInputs>();
    inputs->add_to(command, "a BERT", true);
    command.example("vitrine next-sentence \"It rained.\" \"We got wet.\" --model path/of/a/bert");
    command.callback([=] {
        const std::vector<TaskText> pairs = inputs->read();
        const LoadedModel model = open_model(model_folder(inputs->model));
        json results = json::array();
        for (const double share : next_sentence(model, pairs, inputs->options())) {
            const TaskText& pair = pairs[results.size()];
            results.push_back({{"text", pair.text}, {"next", *pair.pair}, {"probability", share}});
        }
        inputs->print(results, [](const json& result) {
            std::cout << percent(result["probability"]) << "  it follows\n";
        });
    });
}

}  // namespace vitrine::cli

// vitrine classify: the labels of a text, with how probable each is.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/task_options.h"
#include "cli/terminal.h"

namespace vitrine::cli {

using nlohmann::json;

void add_classify(Command app) {
    const Command command = app.add_subcommand("classify", "Label a text, or a pair of texts");
    auto inputs = std::make_shared<TaskInputs>();
    inputs->add_to(command, "a classifier", true);
    command.example("vitrine classify \"What a film!\" --model path/of/a/classifier");
    command.callback([=] {
        const std::vector<TaskText> texts = inputs->read();
        const LoadedModel model = open_model(model_folder(inputs->model));
        json results = json::array();
        for (const std::vector<Labelled>& labels : classify(model, texts, inputs->options())) {
            json result{{"text", texts[results.size()].text}, {"labels", json::array()}};
            for (const Labelled& each : labels)
                result["labels"].push_back(
                    {{"label", each.label}, {"probability", each.probability}});
            results.push_back(result);
        }
        inputs->print(results, [](const json& result) {
            for (const json& each : result["labels"])
                std::cout << percent(each["probability"]) << "  "
                          << each["label"].get<std::string>() << '\n';
        });
    });
}

}  // namespace vitrine::cli

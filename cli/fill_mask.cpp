// vitrine fill-mask: what could stand in the place of a hidden word.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/task_options.h"
#include "cli/terminal.h"

namespace vitrine::cli {

using nlohmann::json;

void add_fill_mask(Command app) {
    const Command command = app.add_subcommand("fill-mask", "Say what a hidden word could be");
    auto inputs = std::make_shared<TaskInputs>();
    auto count = std::make_shared<int>(5);
    inputs->add_to(command, "a masked language model", false);
    command.add_option("--count", *count, "so many for each hidden word").range(1, 1 << 20);
    command.example("vitrine fill-mask \"The king said to his [MASK].\" --model path/of/a/bert");
    command.callback([=] {
        const std::vector<std::string> texts = inputs->read_single();
        const LoadedModel model = open_model(model_folder(inputs->model));
        json results = json::array();
        for (const auto& words : fill_mask(model, texts, *count, inputs->options())) {
            json result{{"text", texts[results.size()]}, {"masks", json::array()}};
            for (const std::vector<Filled>& word : words) {
                json ranks = json::array();
                for (const Filled& each : word)
                    ranks.push_back({{"id", each.id},
                                     {"token", each.token},
                                     {"probability", each.probability},
                                     {"text", each.text}});
                result["masks"].push_back(ranks);
            }
            results.push_back(result);
        }
        inputs->print(results, [](const json& result) {
            for (std::size_t i = 0; i < result["masks"].size(); ++i) {
                if (i > 0) std::cout << '\n';
                for (const json& each : result["masks"][i])
                    std::cout << percent(each["probability"]) << "  "
                              << padded(visible(each["token"].get<std::string>()), 16) << "  "
                              << each["text"].get<std::string>() << '\n';
            }
        });
    });
}

}  // namespace vitrine::cli

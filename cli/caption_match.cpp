// vitrine caption-match: which of some captions fits a picture.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/task_options.h"
#include "cli/terminal.h"

namespace vitrine::cli {

using nlohmann::json;

namespace {

struct Options {
    std::vector<std::string> pictures, captions;
    std::string model;
    bool truncate = false, as_json = false;
};

void match(const Options& options) {
    const LoadedModel model = open_model(model_folder(options.model));
    std::vector<Image> pictures;
    for (const std::string& path : options.pictures) pictures.push_back(read_image(path));
    TaskOptions task;
    task.truncate = options.truncate;
    const Tensor2 shares = caption_match(model, pictures, options.captions, task);
    json results = json::array();
    for (std::size_t p = 0; p < pictures.size(); ++p) {
        json captions = json::array();
        for (std::size_t c = 0; c < options.captions.size(); ++c)
            captions.push_back(
                {{"caption", options.captions[c]}, {"probability", double(shares(p, c))}});
        results.push_back({{"picture", options.pictures[p]}, {"captions", captions}});
    }
    if (options.as_json) {
        print_json(results);
        return;
    }
    for (const json& picture : results) {
        if (results.size() > 1) std::cout << picture["picture"].get<std::string>() << '\n';
        for (const json& each : picture["captions"])
            std::cout << percent(each["probability"]) << "  " << each["caption"].get<std::string>()
                      << '\n';
    }
}

}  // namespace

void add_caption_match(Command app) {
    const Command command =
        app.add_subcommand("caption-match", "Say which caption fits a picture (CLIP)");
    auto options = std::make_shared<Options>();
    command.add_option("pictures", options->pictures, "PNG, JPEG, BMP or GIF files").required();
    command.add_option("--caption", options->captions, "may be given several times").required();
    command.add_option("--model", options->model, "name or folder of a CLIP").required();
    command.add_flag("--truncate", options->truncate, "cut a caption that is too long");
    command.add_flag("--json", options->as_json, "print JSON");
    command.example(
        "vitrine caption-match cat.png --caption \"a cat\" --caption \"a dog\" --model "
        "path/of/a/clip");
    command.callback([=] { match(*options); });
}

}  // namespace vitrine::cli

#include "cli/models_get.h"

#include <iostream>
#include <memory>

#include "cli/interrupt.h"
#include "cli/progress_line.h"
#include "cli/terminal.h"
#include "hub/download.h"
#include "tensor/error.h"

namespace vitrine::cli {

namespace {

std::string megabytes(std::int64_t bytes) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) / 1e6);
    return text;
}

void get(const std::string& argument) {
    const hub::Name name = hub::parse_name(argument);
    const hub::Settings settings = hub::environment_settings();
    StopOnInterrupt interrupt;
    hub::Downloaded model;
    try {
        ProgressLine line;
        const auto progress = [&](std::int64_t done, std::int64_t total) {
            line.show("Downloading " + name.text() + " (kB)", done / 1000, total / 1000);
        };
        model = hub::download_model(name, settings, progress, interrupt.token());
    } catch (const Stopped&) {
        std::cerr << "vitrine: stopped; `vitrine models get " << name.text()
                  << "` goes on from here\n";
        throw ExitStatus(interrupted_status);
    }
    const std::string came =
        model.bytes == 0 ? "nothing new" : megabytes(model.bytes) + " downloaded";
    std::cout << styled(name.text(), Style::accent) << ": " << came << ", in "
              << model.folder.string() << '\n';
}

}  // namespace

void add_models_get(Command models) {
    const Command command =
        models.add_subcommand("get", "Download a model from the Hugging Face hub");
    auto name = std::make_shared<std::string>();
    command
        .add_option("model", *name, "OWNER/NAME on the hub, perhaps with @BRANCH, @TAG or @COMMIT")
        .required();
    command.footer(
        "It goes to the cache that Hugging Face's Python library shares (HF_HOME); what was cut\n"
        "goes on where it was. HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE and https_proxy count.\n"
        "Example:\n  vitrine models get openai-community/gpt2\n"
        "  vitrine generate --model openai-community/gpt2 --prompt \"The king\"");
    command.callback([=] { get(*name); });
}

}  // namespace vitrine::cli

// vitrine app: the window, or a picture of it.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#ifdef __linux__
#include <unistd.h>
#endif

#include "chapters/runner/manifest.h"
#include "cli/commands.h"
#include "cli/parts.h"
#include "cli/terminal.h"
#include "io/image.h"
#include "io/model_places.h"
#include "tensor/error.h"
#include "viz/app/offscreen.h"
#include "viz/app/view.h"
#include "viz/app/window.h"

namespace vitrine::cli {

namespace {

using namespace vitrine::viz;

struct Options {
    std::string model, beside, view, text, screenshot, screenshots, size, language, theme, chapter,
        dump, measure;
    float scale = 0;
    std::string step, way, stack, picture, parts = "fast";
    int layer = -2, head = -2;
    bool lines = false;
};

void set_size(Settings& settings, const std::string& size) {
    char rest = 0;
    int width = 0, height = 0;
    if (std::sscanf(size.c_str(), "%dx%d%c", &width, &height, &rest) != 2 || width < 320 ||
        height < 240 || width > 8192 || height > 8192) {
        throw UsageError("--size: a size from 320x240 to 8192x8192, for example 1600x1000");
    }
    settings.width = width;
    settings.height = height;
}

/// What the options choose on the stage; empty if they leave it as it is.
std::string link_of(const Options& options, const std::string& view) {
    if (!options.lines && options.layer == -2 && options.head == -2 && options.step.empty() &&
        options.way.empty() && options.stack.empty()) {
        return {};
    }
    std::string link = "view:" + view + "?lines=" + (options.lines ? "1" : "0");
    if (options.layer > -2) link += "&layer=" + std::to_string(options.layer);
    if (options.head > -2) link += "&head=" + std::to_string(options.head);
    if (!options.step.empty()) link += "&step=" + options.step;
    if (!options.way.empty()) link += "&way=" + options.way;
    if (!options.stack.empty()) link += "&stack=" + options.stack;
    return link;
}

Settings settings_of(const Options& options, bool is_picture) {
    Settings settings = is_picture ? Settings{} : read_settings(settings_file());
    if (is_picture) set_size(settings, options.size.empty() ? "1600x1000" : options.size);
    if (!is_picture && !options.size.empty()) set_size(settings, options.size);
    if (!options.language.empty())
        settings.language = options.language == "ko" ? Language::korean : Language::english;
    if (!options.theme.empty()) settings.dark = options.theme == "dark";
    if (!options.text.empty()) settings.text = text_or_stdin(options.text);
    if (!options.view.empty()) settings.view = options.view;
    if (!options.beside.empty()) settings.beside = find_model(options.beside).name;
    if (!options.chapter.empty()) settings.chapter = runner::find_chapter(options.chapter).id;
    if (options.scale > 0) settings.scale = options.scale;
    settings.parts = options.parts;
    if (!options.picture.empty()) read_image(options.picture);  // a file that is none is named now
    settings.picture = options.picture;
    settings.link = link_of(options, settings.view);
    return settings;
}

/// A picture of every view in both languages and both themes.
void take_all(const Options& options) {
    std::filesystem::create_directories(options.screenshots);
    for (const View& view : views()) {
        for (const char* language : {"en", "ko"}) {
            for (const char* theme : {"light", "dark"}) {
                Options each = options;
                each.language = language;
                each.theme = theme;
                each.view = view.id;
                const auto file = std::filesystem::path(options.screenshots) /
                                  (std::string(view.id) + "-" + language + "-" + theme + ".png");
                take_screenshot(
                    {model_folder(options.model), settings_of(each, true), file.string()});
                std::printf("%s\n", file.c_str());
            }
        }
    }
}

/// Threads of OpenMP spin while they wait for each other. Beside a window that draws, they spin in
/// the way of the one they wait for: on two busy cores a run took 360 ms instead of 10. The runtime
/// reads the policy once, when the program starts, so the program starts itself again with another.
void wait_without_spinning() {
#ifdef __linux__
    if (std::getenv("OMP_WAIT_POLICY") != nullptr) return;
    std::ifstream file("/proc/self/cmdline", std::ios::binary);
    std::vector<std::string> arguments;
    for (std::string argument; std::getline(file, argument, '\0');) arguments.push_back(argument);
    if (arguments.empty()) return;
    std::vector<char*> pointers;
    pointers.reserve(arguments.size() + 1);
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    setenv("OMP_WAIT_POLICY", "passive", 1);
    execv("/proc/self/exe", pointers.data());  // comes back only if it failed: slower, not wrong
#endif
}

/// The model of the command line, else the one that was chosen last, if it is still there.
std::filesystem::path chosen_folder(const Options& options, const Settings& settings) {
    if (!options.model.empty() || settings.model.empty()) return model_folder(options.model);
    try {
        return find_model(settings.model).folder;
    } catch (const Error&) {
        return model_folder({});
    }
}

int open_app(const Options& options) {
    wait_without_spinning();
    if (!options.screenshots.empty()) {
        take_all(options);
        return 0;
    }
    if (!options.screenshot.empty()) {
        take_screenshot(
            {model_folder(options.model), settings_of(options, true), options.screenshot});
        return 0;
    }
    const Settings settings = settings_of(options, false);
    return run_window(
        {chosen_folder(options, settings), settings, true, options.dump, options.measure});
}

}  // namespace

void add_app(Command app) {
    const Command command = app.add_subcommand("app", "Open the app, or draw a picture of it");
    auto options = std::make_shared<Options>();
    std::vector<std::string> ids;
    for (const View& view : views()) ids.emplace_back(view.id);
    command.add_option("--model", options->model, "folder of a model (default: the bundled one)");
    command.add_option("--beside", options->beside, "a second model on the same text");
    command.add_option("--view", options->view, "the view on the stage").one_of(ids);
    command.add_option("--text", options->text, "the text; - reads standard input");
    command.add_option("--chapter", options->chapter, "the chapter on the right");
    command.add_option("--layer", options->layer, "the chosen layer, from 0");
    command.add_option("--step", options->step, "of a block, as mlp_post or resid_pre");
    command.add_option("--way", options->way,
                       "to encode positions: sinusoidal, rotary, rotary-run, learned, bias");
    command.add_option("--head", options->head, "the chosen head, from 0; -1: their average");
    command
        .add_option("--stack", options->stack,
                    "of attention: encoder, decoder or cross; text or picture")
        .one_of({"encoder", "decoder", "cross", "text", "picture"});
    command.add_option("--picture", options->picture, "a picture to look at, for CLIP");
    add_parts_option(command, options->parts);
    command.add_flag("--lines", options->lines, "attention as lines");
    command.add_option("--screenshot", options->screenshot,
                       "write a PNG instead; needs no display");
    command.add_option("--screenshots", options->screenshots,
                       "every view in both languages and themes, to a folder");
    command.add_option("--size", options->size, "width and height: 1600x1000");
    command.add_option("--lang", options->language, "en or ko").one_of({"en", "ko"});
    command.add_option("--theme", options->theme, "light or dark").one_of({"light", "dark"});
    command.add_option("--scale", options->scale, "size of everything, 0.75 to 2.5")
        .range(0.75, 2.5);
    command.add_option("--dump-on-close", options->dump, "").hidden();
    command.add_option("--measure", options->measure, "").hidden();
    command.example("vitrine app --view attention --text \"The king said\" --screenshot out.png");
    command.callback([=] { open_app(*options); });
}

void open_default_app() {
    open_app({});
}

}  // namespace vitrine::cli

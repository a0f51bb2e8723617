#include "viz/app/settings.h"

#include <doctest/doctest.h>

#include <fstream>

using namespace vitrine::viz;

namespace {

std::filesystem::path fresh_file(const std::string& name) {
    const auto folder = std::filesystem::path(VITRINE_BINARY_DIR) / "settings_test" / name;
    std::filesystem::remove_all(folder);
    return folder / "vitrine/settings.json";
}

void write(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
}

}  // namespace

TEST_CASE("settings: what is written is read again") {
    const auto file = fresh_file("round_trip");
    Settings settings;
    settings.language = Language::korean;
    settings.dark = true;
    settings.scale = 1.25F;
    settings.width = 1600;
    settings.height = 1000;
    settings.left = 300;
    settings.right = 512;
    settings.text = "왕이 \"말했다\" 👨‍👩‍👧\n";
    settings.view = "attention";
    write_settings(file, settings);
    const Settings read = read_settings(file);
    CHECK(read.language == Language::korean);
    CHECK(read.dark);
    CHECK(read.scale == 1.25F);
    CHECK(read.width == 1600);
    CHECK(read.height == 1000);
    CHECK(read.left == 300);
    CHECK(read.right == 512);
    CHECK(read.text == settings.text);
    CHECK(read.view == "attention");
}

TEST_CASE("settings: a damaged file gives defaults, values out of range are drawn in") {
    const Settings defaults;
    const auto file = fresh_file("damaged");
    for (const char* text :
         {"", "{", "[]", "null", "{\"scale\": \"big\", \"text\": 5}", "\xFF\xFE"}) {
        write(file, text);
        const Settings read = read_settings(file);
        CHECK(read.scale == defaults.scale);
        CHECK(read.text == defaults.text);
    }
    write(file, R"({"scale": 1e9, "left": -4, "width": 3, "theme": "dark"})");
    const Settings read = read_settings(file);
    CHECK(read.scale == 2.5F);
    CHECK(read.left == 140);
    CHECK(read.width == 640);
    CHECK(read.dark);
}

TEST_CASE("settings: a folder that can't be written to is not an error") {
    write_settings("/proc/vitrine/settings.json", Settings{});
    CHECK(read_settings("/proc/vitrine/settings.json").view == Settings{}.view);
}

// The table of contents and the README name every chapter, as chapter.json describes it.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace {

using nlohmann::json;

const std::filesystem::path source = VITRINE_SOURCE_DIR;

std::string text_of(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    REQUIRE_MESSAGE(!text.str().empty(), file.string());
    return text.str();
}

/// "01_tokenization", ...: the folders that hold a chapter.json, in order.
std::vector<std::string> chapter_folders() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(source / "chapters")) {
        if (std::filesystem::exists(entry.path() / "chapter.json"))
            names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

/// The row that docs/contents.md has for a chapter.
std::string row(const std::string& folder, const std::string& language) {
    const json chapter = json::parse(text_of(source / "chapters" / folder / "chapter.json"));
    std::string exercises;
    for (const json& exercise : chapter["exercises"]) {
        exercises += (exercises.empty() ? "`" : ", `") + exercise.get<std::string>() + "`";
    }
    return "| [" + folder.substr(0, 2) + " " + chapter["title"][language].get<std::string>() +
           "](../chapters/" + folder + "/lesson." + language + ".md) | " +
           chapter["summary"][language].get<std::string>() + " | " + exercises + " |";
}

}  // namespace

TEST_CASE("contents: every chapter has its row in both languages, in order, and nothing else has") {
    const std::vector<std::string> folders = chapter_folders();
    REQUIRE(folders.size() >= 9);
    std::vector<std::string> expected, found;
    for (const std::string language : {"en", "ko"}) {
        for (const std::string& folder : folders) expected.push_back(row(folder, language));
    }
    std::istringstream contents(text_of(source / "docs/contents.md"));
    for (std::string line; std::getline(contents, line);) {
        if (line.starts_with("| [")) found.push_back(line);
    }
    CHECK(found == expected);
}

TEST_CASE("contents: the README links every chapter's lesson") {
    const std::string readme = text_of(source / "README.md");
    for (const std::string& folder : chapter_folders()) {
        CAPTURE(folder);
        CHECK(readme.find("](chapters/" + folder + "/lesson.en.md)") != std::string::npos);
    }
}

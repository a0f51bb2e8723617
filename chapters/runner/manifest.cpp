#include "chapters/runner/manifest.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "chapters/runner/case.h"
#include "chapters/runner/places.h"
#include "io/json.h"
#include "tensor/error.h"

namespace vitrine::runner {

using nlohmann::json;

namespace {

Bilingual bilingual(const json& value, const std::string& where) {
    if (!value.is_object() || !value.value("en", json()).is_string() ||
        !value.value("ko", json()).is_string()) {
        throw FileError(where, "texts \"en\" and \"ko\"", value.dump().substr(0, 60));
    }
    return {value["en"].get<std::string>(), value["ko"].get<std::string>()};
}

Chapter load_chapter(const std::filesystem::path& folder) {
    const auto file = folder / "chapter.json";
    const json root = read_json(file);
    const std::string where = file.string();
    Chapter chapter;
    chapter.folder = folder;
    chapter.id = folder.filename().string();
    chapter.number = std::stoi(chapter.id);
    try {
        chapter.title = bilingual(root.at("title"), where + ", \"title\"");
        chapter.summary = bilingual(root.at("summary"), where + ", \"summary\"");
        chapter.exercises = root.at("exercises").get<std::vector<std::string>>();
        const auto english = root.at("hints").at("en").get<std::vector<std::string>>();
        const auto korean = root.at("hints").at("ko").get<std::vector<std::string>>();
        if (english.size() != korean.size())
            throw FileError(where, "as many hints in both languages", "not");
        for (std::size_t i = 0; i < english.size(); ++i)
            chapter.hints.push_back({english[i], korean[i]});
        for (const auto& [id, name] : root.at("cases").items())
            chapter.case_names[id] = bilingual(name, where);
        for (const auto& [id, text] : root.at("mistakes").items())
            chapter.mistakes[id] = {text.value("exercise", chapter.exercises.at(0)),
                                    bilingual(text, where)};
    } catch (const json::exception& problem) {
        throw FileError(where, "title, summary, exercises, hints, cases and mistakes",
                        problem.what());
    }
    return chapter;
}

}  // namespace

std::filesystem::path Chapter::lesson(bool is_korean) const {
    return folder / (is_korean ? "lesson.ko.md" : "lesson.en.md");
}

std::filesystem::path chapters_folder() {
    std::filesystem::path folder = places().chapters;
    if (std::filesystem::is_directory(folder)) return folder;
    throw FileError("chapters", "a folder at " + folder.string(), "none",
                    "build or install Vitrine again");
}

std::vector<Chapter> load_chapters() {
    std::vector<Chapter> chapters;
    for (const ChapterCases& each : chapter_cases())
        chapters.push_back(load_chapter(chapters_folder() / each.id));
    return chapters;
}

std::string chapter_of(const std::string& exercise) {
    for (const Chapter& chapter : load_chapters()) {
        for (const std::string& each : chapter.exercises) {
            if (each == exercise) return chapter.id;
        }
    }
    return {};
}

Chapter find_chapter(const std::string& name) {
    std::string known;
    for (Chapter& chapter : load_chapters()) {
        const std::string number = std::to_string(chapter.number);
        if (name == chapter.id || name == number || name == "0" + number) return std::move(chapter);
        known += (known.empty() ? "" : ", ") + chapter.id;
    }
    throw ArgumentError("chapter", "one of " + known, "\"" + name + "\"");
}

}  // namespace vitrine::runner

// The chapters of the book: what chapter.json says, and where their files are.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace vitrine::runner {

/// A text in both languages.
struct Bilingual {
    std::string english, korean;
    const std::string& in(bool is_korean) const { return is_korean ? korean : english; }
};

/// A known mistake: a wrong version of one exercise.
struct Mistake {
    std::string exercise;  // the function that has it
    Bilingual sentence;
};

struct Chapter {
    std::string id;  // "04_attention"
    int number = 0;  // 4
    std::filesystem::path folder;
    Bilingual title, summary;
    std::vector<std::string> exercises;           // function names
    std::vector<Bilingual> hints;                 // from a nudge to nearly the code
    std::map<std::string, Bilingual> case_names;  // by case id
    std::map<std::string, Mistake> mistakes;      // by the name of the variant

    std::filesystem::path lesson(bool is_korean) const;
};

/// Where the chapters are: the source tree, or share/vitrine/chapters beside an installed program.
/// @throws FileError
std::filesystem::path chapters_folder();

/// All chapters, in order. @throws FileError naming the file and what is wrong in it
std::vector<Chapter> load_chapters();

/// The chapter that an exercise belongs to, by its id; empty if there is none. @throws FileError
std::string chapter_of(const std::string& exercise);

/// "4", "04" or "04_attention". @throws ArgumentError listing the chapters
Chapter find_chapter(const std::string& name);

}  // namespace vitrine::runner

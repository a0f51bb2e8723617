// Every chapter: the stub compiles and fails, the solution passes, every known mistake is named.
#include <doctest/doctest.h>

#include <set>

#include "chapters/runner/diagnosis.h"
#include "io/json.h"

#include "tests/chapters/workspace_fixture.h"

using namespace vitrine;
using namespace vitrine::runner;
using vitrine::test::ChapterFile;
using vitrine::test::compile_ahead;
using vitrine::test::Files;
using vitrine::test::WorkspaceFixture;

namespace {

std::set<std::string> sources(const std::filesystem::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".cpp") names.insert(entry.path().stem().string());
    }
    return names;
}

}  // namespace

TEST_CASE("chapters: every stub compiles and fails each of its named cases") {
    const WorkspaceFixture workspace;
    Files stubs;
    for (const Chapter& chapter : load_chapters()) stubs.push_back({chapter, start(chapter)});
    compile_ahead(stubs);
    for (const ChapterFile& stub : stubs) {
        CAPTURE(stub.chapter.id);
        const CheckResult result = check(stub.chapter, stub.file);
        CHECK(result.verdict == Verdict::failed);
        CHECK(result.mistakes.empty());
        REQUIRE(result.cases.size() == stub.chapter.case_names.size());
        for (const CaseResult& each : result.cases) {
            CAPTURE(each.id);
            CHECK(each.ran);
            CHECK_FALSE(each.passed);
        }
    }
}

TEST_CASE("chapters: every solution passes all cases and is not taken for a mistake") {
    const WorkspaceFixture workspace;
    Files solutions;
    for (const Chapter& chapter : load_chapters())
        solutions.push_back({chapter, chapter.folder / "solution.cpp"});
    compile_ahead(solutions);
    for (const ChapterFile& solution : solutions) {
        CAPTURE(solution.chapter.id);
        const CheckResult result = check(solution.chapter, solution.file);
        CAPTURE(result.detail);
        CHECK(result.verdict == Verdict::passed);
        CHECK(result.mistakes.empty());
        for (const CaseResult& each : result.cases) CHECK(each.passed);
    }
}

TEST_CASE("chapters: every variant fails and is named by its own diagnosis") {
    for (const ChapterCases& chapter_case : chapter_cases()) {
        const Chapter chapter = find_chapter(chapter_case.id);
        const auto cases = chapter_case.cases(chapter.folder / "golden");
        const auto names = sources(chapter.folder / "variants");
        CHECK(names.size() == chapter.mistakes.size());
        const Variants variants = load_variants(chapter);
        std::map<std::string, std::vector<std::string>> known;  // by exercise
        for (const std::string& name : names)
            known[chapter.mistakes.at(name).exercise].push_back(name);
        for (const std::string& name : names) {
            const std::string& exercise = chapter.mistakes.at(name).exercise;
            std::vector<CaseFit> fits;
            for (const Case& each : cases) {
                if (each.exercise == exercise)
                    fits.push_back(fit_of(chapter, variants, each, each.run(variants.at(name))));
            }
            CHECK(only_mistake(known[exercise], fits) == name);
        }
    }
}

TEST_CASE("chapters: a learner's file with a known mistake fails and is named, in every exercise") {
    const WorkspaceFixture workspace;
    Files variants;
    for (const Chapter& chapter : load_chapters()) {
        std::set<std::string> exercises;
        for (const auto& [name, mistake] : chapter.mistakes) {
            if (exercises.insert(mistake.exercise).second)
                variants.push_back({chapter, chapter.folder / "variants" / (name + ".cpp")});
        }
        CHECK(exercises.size() == chapter.exercises.size());
    }
    compile_ahead(variants);
    for (const ChapterFile& variant : variants) {
        const std::string name = variant.file.stem().string();
        CAPTURE(name);
        const CheckResult result = check(variant.chapter, variant.file);
        CHECK(result.verdict == Verdict::failed);
        CHECK(result.mistakes == std::vector{name});
        CHECK_FALSE(variant.chapter.mistakes.at(name).sentence.english.empty());
        CHECK_FALSE(variant.chapter.mistakes.at(name).sentence.korean.empty());
    }
}

TEST_CASE("chapters: two functions with a mistake each: both are named") {
    const WorkspaceFixture workspace;
    const Chapter chapter = find_chapter("06_layer_norm");
    const auto body = [&](const std::string& name) {
        const std::string text =
            read_file(chapter.folder / "variants" / (name + ".cpp"), 1U << 20U);
        return text.substr(text.find("namespace vitrine::mine"));
    };
    const auto file =
        workspace.write("two.cpp",
                        "#define layer_norm right_layer_norm\n#define rms_norm right_rms_norm\n"
                        "#include \"" +
                            (chapter.folder / "solution.cpp").string() +
                            "\"\n#undef layer_norm\n#undef rms_norm\n" + body("unbiased_variance") +
                            body("rms_epsilon_outside"));
    const CheckResult result = check(chapter, file);
    CAPTURE(result.detail);
    CHECK(result.verdict == Verdict::failed);
    CHECK(result.mistakes == std::vector<std::string>{"unbiased_variance", "rms_epsilon_outside"});
}

TEST_CASE("chapters: any two variants, and any variant and the solution, differ on some case") {
    for (const ChapterCases& chapter_case : chapter_cases()) {
        const Chapter chapter = find_chapter(chapter_case.id);
        const auto cases = chapter_case.cases(chapter.folder / "golden");
        std::map<std::string, std::vector<Values>> results;
        for (const std::string& name : sources(chapter.folder / "variants")) {
            const Functions functions = variant(chapter, name);
            for (const Case& each : cases) results[name].push_back(each.run(functions));
        }
        for (const Case& each : cases) results["right"].push_back(each.expected);
        const auto exercise_of = [&](const std::string& name) {
            return name == "right" ? std::string() : chapter.mistakes.at(name).exercise;
        };
        for (const auto& [one, of_one] : results) {
            for (const auto& [other, of_other] : results) {
                const std::string exercise = exercise_of(one) + exercise_of(other);
                const bool comparable =
                    one == "right" || other == "right" || exercise_of(one) == exercise_of(other);
                if (one >= other || !comparable) continue;
                // Clearly: a hundred times the bound within which two results count as equal.
                bool differ = false;
                for (std::size_t i = 0; i < cases.size(); ++i) {
                    if (exercise.find(cases[i].exercise) == std::string::npos) continue;
                    differ = differ || !near(of_one[i], of_other[i], 100 * cases[i].bound);
                }
                const std::string names = one + " and " + other;
                CAPTURE(names);
                CHECK(differ);
            }
        }
    }
}

TEST_CASE("diagnose: results that fit two mistakes name neither") {
    using Fits = std::vector<CaseFit>;
    const std::vector<std::string> names{"a", "b"};
    CHECK(only_mistake(names, Fits{{false, {"a"}}}) == "a");
    CHECK(only_mistake(names, Fits{{false, {"a", "b"}}}).empty());
    CHECK(only_mistake(names, Fits{{false, {"a", "b"}}, {false, {"b"}}}) == "b");
    CHECK(only_mistake(names, Fits{{false, {"a"}}, {false, {"b"}}}).empty());
    // Right where the mistake is wrong: not that mistake.
    CHECK(only_mistake(names, Fits{{false, {"a"}}, {true, {}}}).empty());
    // Nothing failed.
    CHECK(only_mistake(names, Fits{{true, {"a"}}}).empty());
}

TEST_CASE("chapter.json: every case of the exercise has a name in both languages, and no other") {
    for (const ChapterCases& chapter_case : chapter_cases()) {
        const Chapter chapter = find_chapter(chapter_case.id);
        std::set<std::string> ids, named;
        for (const Case& each : chapter_case.cases(chapter.folder / "golden")) ids.insert(each.id);
        for (const auto& [id, name] : chapter.case_names) {
            named.insert(id);
            CHECK_FALSE(name.english.empty());
            CHECK_FALSE(name.korean.empty());
        }
        CHECK(ids == named);
        CHECK(chapter.hints.size() >= 3);
    }
}

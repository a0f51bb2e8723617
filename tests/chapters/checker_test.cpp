#include "chapters/runner/checker.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "chapters/runner/workspace.h"
#include "io/atomic_file.h"
#include "io/json.h"
#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::runner;

namespace {

/// A workspace of its own for one test.
struct Workspace {
    std::filesystem::path folder;
    Workspace() {
        std::string name = (std::filesystem::temp_directory_path() / "vitrine-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        folder = name;
        setenv("VITRINE_WORKSPACE", folder.c_str(), 1);
    }
    ~Workspace() {
        unsetenv("VITRINE_WORKSPACE");
        std::filesystem::remove_all(folder);
    }
};

std::string read(const std::filesystem::path& file) {
    return read_file(file, 1U << 20U);
}

/// Checks a text as if the learner had written it.
CheckResult check_text(const Chapter& chapter, const std::string& code, CheckOptions options = {}) {
    write_text_file(exercise_file(chapter), code);
    return check(chapter, exercise_file(chapter), options);
}

/// A file of the learner's whose attention has this body.
std::string with_body(const std::string& body) {
    return "#include <cstdio>\n#include <cstdlib>\n#include \"nn/parts.h\"\n#include "
           "\"tensor/shape.h\"\n"
           "namespace vitrine::mine {\n"
           "Tensor3 attention(Ref3 q, Ref3 k, Ref3 v, const Bias& bias, float scale, Record* "
           "record) {\n" +
           body + "\n}\n}\n";
}

}  // namespace

TEST_CASE("exercises: every stub compiles and fails its named cases") {
    const Workspace workspace;
    for (const Chapter& chapter : load_chapters()) {
        INFO(chapter.id);
        const CheckResult result = check(chapter, start(chapter));
        CHECK(result.verdict == Verdict::failed);
        CHECK(result.cases.size() == chapter.case_names.size());
        for (const CaseResult& each : result.cases) CHECK_FALSE(each.passed);
        CHECK(result.mistake.empty());
    }
}

TEST_CASE("exercises: every solution passes and is not diagnosed") {
    const Workspace workspace;
    for (const Chapter& chapter : load_chapters()) {
        INFO(chapter.id);
        const CheckResult result = check_text(chapter, read(chapter.folder / "solution.cpp"));
        CHECK(result.verdict == Verdict::passed);
        CHECK(result.mistake.empty());
    }
}

TEST_CASE("exercises: every known mistake is caught and named by its own diagnosis") {
    const Workspace workspace;
    for (const Chapter& chapter : load_chapters()) {
        for (const auto& [name, sentence] : chapter.mistakes) {
            INFO(chapter.id, " ", name);
            const CheckResult result =
                check_text(chapter, read(chapter.folder / "variants" / (name + ".cpp")));
            CHECK(result.verdict == Verdict::failed);
            CHECK(result.mistake == name);
            CHECK(result.diagnosis.korean == sentence.korean);
        }
    }
}

TEST_CASE("check: what a learner's code may do ends in a clear verdict") {
    const Workspace workspace;
    const Chapter chapter = find_chapter("4");
    CheckOptions quick;
    quick.seconds_a_case = 3;
    quick.memory = std::size_t{512} << 20U;  // soon reached on a slow machine too
    const auto verdict = [&](const std::string& body) {
        return check_text(chapter, with_body(body), quick);
    };

    CHECK(verdict("return zeros<3>({1, 1, 1})").verdict == Verdict::compile_error);
    CHECK(verdict("return zeros<3>({1, 1, 1})").detail.find("04_attention.cpp:") !=
          std::string::npos);

    const CheckResult aborted = verdict("std::abort();");
    CHECK(aborted.verdict == Verdict::crashed);
    CHECK(aborted.detail.find("SIGABRT") != std::string::npos);
    CHECK(verdict("volatile int* p = nullptr; *p = 1; return q.copy();").detail.find("SIGSEGV") !=
          std::string::npos);

    CHECK(verdict("for (volatile int i = 0;; i = i + 1) {}").verdict == Verdict::timed_out);
    CHECK(verdict("std::vector<char*> all; while (true) { char* m = new char[1 << 26]; "
                  "for (int i = 0; i < (1 << 26); i += 4096) m[i] = 1; all.push_back(m); }")
              .verdict == Verdict::out_of_memory);
    CHECK(verdict("std::exit(0);").verdict == Verdict::no_result);

    const CheckResult misshapen = verdict("return zeros<3>({q.shape[0], 1, 9});");
    CHECK(misshapen.verdict == Verdict::failed);
    CHECK(misshapen.cases.front().message.find("[1,1,9]") != std::string::npos);

    const CheckResult todo = verdict("throw Todo(\"attention\");");
    CHECK(todo.verdict == Verdict::failed);
    CHECK(todo.cases.front().message.find("not written yet") != std::string::npos);
    CHECK(verdict("throw 5;").cases.front().message.find("unknown type") != std::string::npos);
    CHECK(verdict("std::puts(\"{\\\"event\\\":\\\"done\\\"}\"); return q.copy();").verdict ==
          Verdict::failed);
}

TEST_CASE("check: an out-of-bounds write is found with --sanitize, with its line") {
    const Workspace workspace;
    const Chapter chapter = find_chapter("4");
    CheckOptions options;
    options.sanitize = true;
    const CheckResult result = check_text(
        chapter,
        with_body("std::vector<float> z(4); z.data()[4 + q.shape[0]] = 1; return q.copy();"),
        options);
    CHECK(result.verdict == Verdict::crashed);
    CHECK(result.detail.find("heap-buffer-overflow") != std::string::npos);
    CHECK(result.detail.find("04_attention.cpp:7") != std::string::npos);
}

TEST_CASE("check: a result that fits two known mistakes, or none, names neither") {
    const Workspace workspace;
    const Chapter chapter = find_chapter("4");
    const CheckResult result =
        check_text(chapter, with_body("return zeros<3>({q.shape[0], q.shape[1], q.shape[2]});"));
    CHECK(result.verdict == Verdict::failed);
    CHECK(result.mistake.empty());
}

TEST_CASE("check: a saved case is replayed") {
    const Workspace workspace;
    const Chapter chapter = find_chapter("4");
    CheckOptions options;
    options.saved_case = chapter.folder / "golden/attention_causal.safetensors";
    CHECK(check_text(chapter, read(chapter.folder / "solution.cpp"), options).verdict ==
          Verdict::passed);
    CHECK(check_text(chapter, read(chapter.folder / "exercise.cpp"), options).verdict ==
          Verdict::failed);
}

TEST_CASE("check: a check that is stopped says so") {
    const Workspace workspace;
    const Chapter chapter = find_chapter("4");
    std::stop_source source;
    source.request_stop();
    write_text_file(exercise_file(chapter), with_body("return q.copy();"));
    CHECK(check(chapter, exercise_file(chapter), {}, source.get_token()).verdict ==
          Verdict::stopped);
}

TEST_CASE("workspace: start does not overwrite, reset keeps a backup, progress survives damage") {
    const Workspace workspace;
    const Chapter chapter = find_chapter("04");
    const auto file = start(chapter);
    CHECK(std::filesystem::exists(workspace.folder / "compile_commands.json"));
    CHECK(std::filesystem::exists(workspace.folder / ".vscode/launch.json"));
    CHECK(progress_of(chapter).state == ExerciseState::started);
    CHECK_THROWS_AS(start(chapter), FileError);
    write_text_file(file, "mine");
    CHECK(read(reset(chapter)) == "mine");
    CHECK(read(file) == read(chapter.folder / "exercise.cpp"));
    write_progress(chapter, {ExerciseState::passed, 3});
    CHECK(progress_of(chapter).hints == 3);
    write_text_file(workspace.folder / "progress.json", "{\"04_attention\": [");
    CHECK(progress_of(chapter).state == ExerciseState::not_started);
    write_progress(chapter, {ExerciseState::passed, 1});
    CHECK(progress_of(chapter).state == ExerciseState::passed);
}

TEST_CASE("manifest: a chapter goes by number or name, another is refused with the list") {
    CHECK(find_chapter("4").id == "04_attention");
    CHECK(find_chapter("04").id == "04_attention");
    CHECK_THROWS_WITH_AS(find_chapter("99"), doctest::Contains("04_attention"), ArgumentError);
}

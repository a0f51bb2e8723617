// What a learner's code can do wrong, and what the runner says of it.
#include <doctest/doctest.h>
#include <unistd.h>

#include <thread>

#include "chapters/runner/process.h"
#include "io/json.h"
#include "tests/chapters/workspace_fixture.h"

using namespace vitrine;
using namespace vitrine::runner;
using vitrine::test::attention_file;
using vitrine::test::WorkspaceFixture;

namespace {

CheckResult check_text(const WorkspaceFixture& workspace, const std::string& text,
                       const CheckOptions& options = {}) {
    return check(find_chapter("4"), workspace.write("04_attention.cpp", text), options);
}

CheckResult check_body(const std::string& body, const std::string& before = "",
                       const CheckOptions& options = {}) {
    const WorkspaceFixture workspace;
    return check_text(workspace, attention_file(body, before), options);
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("verdict: abort() and a null pointer are crashes, named by their signal") {
    const CheckResult aborted = check_body("std::abort();");
    CHECK(aborted.verdict == Verdict::crashed);
    CHECK(contains(aborted.detail.english, "SIGABRT"));
    REQUIRE(aborted.cases.size() == 1);
    CHECK_FALSE(aborted.cases[0].ran);

    const CheckResult null_pointer =
        check_body("volatile int* nothing = nullptr; *nothing = 1; return {};");
    CHECK(null_pointer.verdict == Verdict::crashed);
    CHECK(contains(null_pointer.detail.english, "SIGSEGV"));
    CHECK(contains(null_pointer.detail.korean, "SIGSEGV"));
}

TEST_CASE("verdict: a recursion without end is a crash") {
    const CheckResult result =
        check_body("return zeros<3>({depth(1), 1, 1});",
                   "Index depth(Index n) { volatile char room[1000]; room[0] = char(n); "
                   "return depth(n + 1) + room[0]; }");
    CHECK(result.verdict == Verdict::crashed);
    CHECK(contains(result.detail.english, "recursion"));
}

TEST_CASE("verdict: an endless loop is ended, also one that prints") {
    CheckOptions options;
    options.seconds_a_case = 0.5;
    const CheckResult silent =
        check_body("for (volatile int i = 0;; i = i + 1) {} return {};", "", options);
    CHECK(silent.verdict == Verdict::timed_out);
    const CheckResult loud = check_body("while (true) puts(\"garbage\"); return {};", "", options);
    CHECK(loud.verdict == Verdict::timed_out);
    CHECK_FALSE(loud.detail.korean.empty());
}

#ifndef __SANITIZE_ADDRESS__
TEST_CASE("verdict: memory without end is ended by the limit, which is named") {
    CheckOptions options;
    options.memory = std::size_t{256} << 20U;
    const CheckResult result = check_body(
        "std::vector<std::vector<char>> all;\n"
        "while (true) all.emplace_back(1 << 20, char(1));\nreturn {};",
        "", options);
    CHECK(result.verdict == Verdict::out_of_memory);
    CHECK(contains(result.detail.english, "256 MiB"));
}
#endif

TEST_CASE("verdict: a process that ends early has no result, whatever its exit status") {
    for (const char* body : {"std::exit(0);", "std::_Exit(0);", "std::exit(3);"}) {
        CAPTURE(body);
        CHECK(check_body(body).verdict == Verdict::no_result);
    }
}

TEST_CASE("verdict: another shape, an exception and Todo fail with a message") {
    const CheckResult shape = check_body("return zeros<3>({1, 1, 1});");
    CHECK(shape.verdict == Verdict::failed);
    CHECK(contains(shape.cases.at(0).message.english, "[1,1,4]"));
    CHECK(contains(shape.cases.at(0).message.korean, "[1,1,1]"));

    const CheckResult todo = check_body("throw Todo(\"attention\");");
    CHECK(todo.verdict == Verdict::failed);
    CHECK(contains(todo.cases.at(0).message.english, "not written yet"));

    // A message that is not UTF-8 is shown as far as it is.
    const CheckResult thrown = check_body("throw std::runtime_error(\"bad \\xff bytes\");");
    CHECK(thrown.verdict == Verdict::failed);
    CHECK(contains(thrown.cases.at(0).message.english, "bad"));
    CHECK(contains(thrown.cases.at(0).message.english, "bytes"));

    const CheckResult number = check_body("throw 3;");
    CHECK(number.verdict == Verdict::failed);
    CHECK(contains(number.cases.at(0).message.english, "unknown type"));
}

TEST_CASE("verdict: what a learner prints does not disturb the result") {
    const WorkspaceFixture workspace;
    const Chapter chapter = find_chapter("4");
    std::string text = read_file(chapter.folder / "solution.cpp", 1U << 20U);
    const std::string line = "Tensor3 scores = zeros<3>({H, T, S});";
    const std::size_t at = text.find(line);
    REQUIRE(at != std::string::npos);
    text.insert(at, "puts(\"{\\\"event\\\": \\\"done\\\"} \\xff\"); fflush(stdout);\n    ");
    text.insert(0, "#include <cstdio>\n");
    CHECK(check_text(workspace, text).verdict == Verdict::passed);
}

TEST_CASE("verdict: printing a forged result and leaving is not a pass") {
    const CheckResult result =
        check_body("puts(\"{\\\"event\\\": \\\"done\\\"}\"); fflush(stdout); std::_Exit(0);");
    CHECK(result.verdict == Verdict::no_result);
}

TEST_CASE("verdict: a compile error is shown with its line in the learner's file") {
    const WorkspaceFixture workspace;
    const CheckResult result =
        check_text(workspace, attention_file("return no_such_thing;"));  // line 9
    CHECK(result.verdict == Verdict::compile_error);
    CHECK(contains(result.detail.english, "04_attention.cpp:9:"));
    CHECK(contains(result.detail.english, "no_such_thing"));
    CHECK_FALSE(contains(result.detail.english, ".wrap.cpp"));
}

TEST_CASE("verdict: another signature does not compile, and the reason is said") {
    const WorkspaceFixture workspace;
    const CheckResult result = check_text(workspace,
                                          "#include \"nn/parts.h\"\nnamespace vitrine::mine {\n"
                                          "Tensor3 attention(Ref3 q) { return q.copy(); }\n}\n");
    CHECK(result.verdict == Verdict::compile_error);
    CHECK(contains(result.detail.english, "attention must keep the parameters"));
}

TEST_CASE("verdict: an out-of-bounds write is found with --sanitize, with its line") {
    CheckOptions options;
    options.sanitize = true;
    const CheckResult result = check_body(
        "Tensor3 z = zeros<3>({2, 2, 2});\nz.data()[8] = 1;\nreturn z;", "", options);  // line 10
    CHECK(result.verdict == Verdict::crashed);
    CHECK(contains(result.detail.english, "heap-buffer-overflow"));
    CHECK(contains(result.detail.english, "04_attention.cpp:10"));
}

TEST_CASE("check: a stop is heeded, and a file that is not there is an error") {
    const WorkspaceFixture workspace;
    const Chapter chapter = find_chapter("4");
    CHECK_THROWS_AS(check(chapter, exercise_file(chapter)), FileError);

    const auto file = workspace.write(
        "04_attention.cpp", attention_file("for (volatile int i = 0;; i = i + 1) {} return {};"));
    std::stop_source stop;
    CheckOptions options;
    options.seconds_a_case = 600;
    std::jthread later([&] {
        std::this_thread::sleep_for(std::chrono::seconds(2));
        stop.request_stop();
    });
    CHECK(check(chapter, file, options, stop.get_token()).verdict == Verdict::stopped);
}

TEST_CASE("check: a file that goes away while it is checked is a verdict or an error, no crash") {
    const WorkspaceFixture workspace;
    const Chapter chapter = find_chapter("4");
    const auto file =
        workspace.write("04_attention.cpp", attention_file("return zeros<3>({1, 1, 1});"));
    std::jthread later([&] { std::filesystem::remove(file); });
    try {
        const CheckResult result = check(chapter, file);  // outside of CHECK, which would catch
        CHECK(result.verdict != Verdict::passed);
    } catch (const FileError&) {
        CHECK_FALSE(std::filesystem::exists(file));
    }
}

TEST_CASE("check: a saved case is replayed, and a broken one is refused") {
    const WorkspaceFixture workspace;
    const Chapter chapter = find_chapter("4");
    CheckOptions options;
    options.saved_case = chapter.folder / "golden" / "attention_causal.safetensors";
    const CheckResult right = check(chapter, chapter.folder / "solution.cpp", options);
    CHECK(right.verdict == Verdict::passed);
    CHECK(right.cases.size() == 1);
    const CheckResult wrong = check(chapter, chapter.folder / "exercise.cpp", options);
    CHECK(wrong.verdict == Verdict::failed);
    CHECK(wrong.cases.at(0).got.shape == wrong.cases.at(0).expected.shape);
    options.saved_case = workspace.write("broken.safetensors", "no tensors");
    CHECK_THROWS_AS(check(chapter, chapter.folder / "solution.cpp", options), FileError);
}

TEST_CASE(
    "start_program: runs what it is told, whatever is in the path; a missing one is an error") {
    const WorkspaceFixture workspace;
    const auto made = workspace.folder() / "it's $(touch oops) there";
    runner::start_program({"touch", made.string()});
    for (int i = 0; i < 200 && !std::filesystem::exists(made); ++i) ::usleep(10000);
    CHECK(std::filesystem::exists(made));
    CHECK_THROWS_AS(runner::start_program({"no-such-program-anywhere"}), Error);
}

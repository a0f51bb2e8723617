// list, start, check, hint and reset as a learner types them.
#include <doctest/doctest.h>

#include <signal.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "chapters/runner/process.h"
#include "io/json.h"
#include "tests/chapters/workspace_fixture.h"
#include "tests/cli/run_program.h"

using namespace vitrine;
using vitrine::test::run_vitrine;
using vitrine::test::WorkspaceFixture;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string solution() {
    return read_file(std::string(VITRINE_SOURCE_DIR) + "/chapters/04_attention/solution.cpp",
                     1U << 20U);
}

/// Whether a process is there and does more than wait to be buried.
bool is_alive(pid_t process) {
    std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
    std::string text;
    std::getline(stat, text);
    return !text.empty() && !contains(text, ") Z ");
}

}  // namespace

TEST_CASE("exercises: exit status 0 for a pass, 1 for a failure, 2 for bad usage") {
    const WorkspaceFixture workspace;
    CHECK(run_vitrine({"start", "4"}).status == 0);
    CHECK(run_vitrine({"start", "4"}).status == 1);  // nothing is overwritten
    CHECK(run_vitrine({"check", "4"}).status == 1);
    workspace.write("04_attention.cpp", solution());
    CHECK(run_vitrine({"check", "4"}).status == 0);
    CHECK(run_vitrine({"check"}).status == 0);  // the one that is started
    CHECK(run_vitrine({"check", "--nonsense"}).status == 2);
    CHECK(run_vitrine({"start"}).status == 2);
    CHECK(run_vitrine({"hint", "4", "--lang", "fr"}).status == 2);
    const test::Finished unknown = run_vitrine({"check", "77"});
    CHECK(unknown.status == 1);
    CHECK(contains(unknown.error, "04_attention"));
}

TEST_CASE("check --json: cases with expected and got, the mistake in both languages") {
    const WorkspaceFixture workspace;
    const std::string variant =
        std::string(VITRINE_SOURCE_DIR) + "/chapters/04_attention/variants/no_scale.cpp";
    workspace.write("04_attention.cpp", read_file(variant, 1U << 20U));
    const test::Finished finished = run_vitrine({"check", "4", "--json"});
    CHECK(finished.status == 1);
    const auto result = parse_json(finished.out, "check --json");
    CHECK(result["verdict"] == "failed");
    REQUIRE(result["mistakes"].size() == 1);
    const auto& mistake = result["mistakes"][0];
    CHECK(mistake["name"] == "no_scale");
    CHECK(contains(mistake["sentence"]["en"], "square root of D"));
    CHECK(contains(mistake["sentence"]["ko"], "제곱근"));
    const auto& first = result["cases"][0];
    CHECK(first["expected"]["shape"] == first["got"]["shape"]);
    CHECK(first["expected"]["values"] != first["got"]["values"]);

    const test::Finished korean = run_vitrine({"check", "4", "--lang", "ko"});
    CHECK(contains(korean.out, "제곱근"));
    CHECK(contains(korean.out, "차이"));
}

TEST_CASE("check: another shape is said in words, without rows of numbers") {
    const WorkspaceFixture workspace;
    workspace.write("04_attention.cpp", test::attention_file("return zeros<3>({1, 2, 3});"));
    const test::Finished finished = run_vitrine({"check", "4", "--lang", "en"});
    CHECK(finished.status == 1);
    CHECK(contains(finished.out, "shape [1,2,3] came"));
    CHECK_FALSE(contains(finished.out, "difference"));
}

TEST_CASE("list --json: the state follows start and check; the solution is shown after passing") {
    const WorkspaceFixture workspace;
    const auto state = [] {
        for (const auto& chapter : parse_json(run_vitrine({"list", "--json"}).out, "list")) {
            if (chapter["id"] == "04_attention") return chapter["state"].get<std::string>();
        }
        return std::string("no such chapter");
    };
    CHECK(state() == "not started");
    run_vitrine({"start", "04_attention"});
    CHECK(state() == "started");
    CHECK(run_vitrine({"check", "4", "--solution"}).status == 1);
    workspace.write("04_attention.cpp", solution());
    run_vitrine({"check", "4"});
    CHECK(state() == "passed");
    CHECK(run_vitrine({"check", "4", "--solution"}).out == solution());
}

TEST_CASE("hint: one more at each call, and no more than there are") {
    const WorkspaceFixture workspace;
    std::size_t before = 0;
    for (int i = 1; i <= 5; ++i) {
        const test::Finished finished = run_vitrine({"hint", "4"});
        CHECK(finished.status == 0);
        CHECK(finished.out.size() > before);
        before = finished.out.size();
    }
    CHECK(run_vitrine({"hint", "4"}).out.size() == before);
    CHECK(contains(run_vitrine({"hint", "4", "--lang", "ko"}).out, "헤드"));
}

TEST_CASE("reset: says where the backup is") {
    const WorkspaceFixture workspace;
    run_vitrine({"start", "4"});
    workspace.write("04_attention.cpp", "mine");
    const test::Finished finished = run_vitrine({"reset", "4", "--lang", "en"});
    CHECK(finished.status == 0);
    std::string backup = finished.out.substr(std::string("kept as ").size());
    backup.pop_back();  // the end of the line
    CHECK(read_file(backup, 1U << 20U) == "mine");
}

TEST_CASE("check --watch: checks again when the file is saved") {
    const WorkspaceFixture workspace;
    run_vitrine({"start", "4"});
    const auto checked = workspace.folder() / ".build" / "04_attention.so";
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(120);
    bool saved = false, passed = false;
    const runner::Finished finished = runner::run_process(
        {std::string(VITRINE_BINARY_DIR) + "/bin/vitrine", "check", "4", "--watch", "--lang", "en"},
        {}, [&] {
            if (!saved && std::filesystem::exists(checked)) {
                workspace.write("04_attention.cpp", solution());
                saved = true;
            }
            passed = saved && runner::progress_of(runner::find_chapter("4")).state ==
                                  runner::ExerciseState::passed;
            return !passed && std::chrono::steady_clock::now() < deadline;
        });
    CHECK(passed);
    CHECK(finished.killed);  // it watches until it is ended
    CHECK(contains(finished.output, "not yet"));
}

TEST_CASE("check --watch: Ctrl-C ends it, and the learner's endless loop with it") {
    const WorkspaceFixture workspace;
    const auto note = workspace.folder() / "pid";
    workspace.write(
        "04_attention.cpp",
        "#include <unistd.h>\n#include <csignal>\n#include <fstream>\n" +
            test::attention_file("for (int i = 1; i < 65; ++i) std::signal(i, SIG_IGN);\n"
                                 "std::ofstream(\"" +
                                 note.string() +
                                 "\") << getpid() << std::endl;\n"
                                 "for (volatile int i = 0;; i = i + 1) {}\nreturn {};"));
    pid_t learner = 0;
    bool interrupted = false;
    const auto start = std::chrono::steady_clock::now();
    const runner::Finished finished = runner::run_process(
        {std::string(VITRINE_BINARY_DIR) + "/bin/vitrine", "check", "4", "--watch"}, {}, [&] {
            if (!interrupted && std::ifstream(note) >> learner) {
                std::string word, state;
                pid_t parent = 0;
                std::ifstream("/proc/" + std::to_string(learner) + "/stat") >> word >> word >>
                    state >> parent;
                interrupted = parent > 1 && ::kill(parent, SIGINT) == 0;
            }
            return std::chrono::steady_clock::now() - start < std::chrono::seconds(60);
        });
    CHECK_FALSE(finished.killed);
    CHECK(finished.signal == SIGINT);
    REQUIRE(learner > 0);
    for (int i = 0; i < 100 && is_alive(learner); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    CHECK_FALSE(is_alive(learner));
}

// In every chapter a learner's function may crash, never end or eat all memory: the check says
// which.
#include <doctest/doctest.h>

#include <chrono>
#include <csignal>

#include "chapters/runner/process.h"
#include "tests/chapters/workspace_fixture.h"

using namespace vitrine;
using namespace vitrine::runner;
using vitrine::test::ChapterFile;
using vitrine::test::compile_ahead;
using vitrine::test::Files;
using vitrine::test::WorkspaceFixture;

namespace {

/// One function of each chapter.
struct Stub {
    const char* chapter;
    const char* function;
    const char* signature;
    const char* wrong_shape;  // a result of the right type with no number, or one too many
};

constexpr Stub stubs[] = {
    {"01_tokenization", "merge", "std::vector<int> merge(std::span<const int>, Pair, int)", "{}"},
    {"02_embeddings", "unembed", "Tensor2 unembed(Ref2, const Matrix&)", "zeros<2>({1, 1})"},
    {"03_positional_encoding", "sinusoidal", "Tensor2 sinusoidal(Index, Index)",
     "zeros<2>({1, 1})"},
    {"04_attention", "attention",
     "Tensor3 attention(Ref3, Ref3, Ref3, const Bias&, float, Record*)", "zeros<3>({1, 1, 1})"},
    {"05_multi_head_attention", "split_heads", "Tensor3 split_heads(Ref2, Index)",
     "zeros<3>({1, 1, 1})"},
    {"06_layer_norm", "layer_norm", "Tensor2 layer_norm(Ref2, const NormWeights&)",
     "zeros<2>({1, 1})"},
    {"07_feed_forward", "gelu", "Tensor2 gelu(Ref2)", "zeros<2>({7, 7})"},
    {"08_blocks", "padding_mask", "Tensor2 padding_mask(Index, Index, Index)", "zeros<2>({7, 7})"},
    {"09_gpt", "probabilities", "Tensor1 probabilities(Ref1, float)", "zeros<1>({7})"},
    {"10_training", "cross_entropy_backward",
     "Tensor2 cross_entropy_backward(Ref2, std::span<const int>)", "zeros<2>({7, 7})"},
    {"11_pretrained", "half_split", "Tensor2 half_split(Ref2, Index)", "zeros<2>({7, 7})"},
};

/// The solution with one function exchanged.
std::string file_with(const Stub& stub, const std::string& body) {
    const std::string name = stub.function;
    const std::string solution = (find_chapter(stub.chapter).folder / "solution.cpp").string();
    return "#include <cstdlib>\n#include <cstring>\n#include <vector>\n#define " + name +
           " right_" + name + "\n#include \"" + solution + "\"\n#undef " + name +
           "\nnamespace vitrine::mine {\n" + stub.signature + " {\n" + body + "\n}\n}\n";
}

/// One file for each stub, in their order.
template <class Body>
Files files_with(const WorkspaceFixture& workspace, const Body& body) {
    Files files;
    for (const Stub& stub : stubs) {
        files.push_back(
            {find_chapter(stub.chapter),
             workspace.write(std::string(stub.chapter) + ".cpp", file_with(stub, body(stub)))});
    }
    return files;
}

}  // namespace

TEST_CASE("survival: every chapter is in this test") {
    CHECK(std::size(stubs) == load_chapters().size());
}

TEST_CASE(
    "survival: a crash, an endless loop and a flood of memory are told apart, in every chapter") {
    struct Fault {
        const char* body;
        Verdict verdict;
    };
    const Fault faults[] = {
        {"std::abort();", Verdict::crashed},
        {"for (volatile int i = 0;; i = i + 1) {}", Verdict::timed_out},
        {"std::vector<char*> all;\nfor (;;) { all.push_back(new char[1 << 24]); "
         "std::memset(all.back(), 1, 1 << 24); }",
         Verdict::out_of_memory},
    };
    const WorkspaceFixture workspace;
    Files files;
    for (const Stub& stub : stubs) {
        for (const Fault& fault : faults) {
            const std::string name =
                stub.chapter + std::to_string(static_cast<int>(fault.verdict)) + ".cpp";
            files.push_back(
                {find_chapter(stub.chapter), workspace.write(name, file_with(stub, fault.body))});
        }
    }
    compile_ahead(files);
    CheckOptions options;
    options.memory = std::size_t{256} << 20U;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const Fault& fault = faults[i % std::size(faults)];
        const ChapterFile& each = files[i];
        CAPTURE(each.chapter.id);
        CAPTURE(fault.body);
        // Only the loop is to run into it: a busy machine takes its time over the memory.
        options.seconds_a_case = fault.verdict == Verdict::timed_out ? 1.0 : 30.0;
        const CheckResult result = check(each.chapter, each.file, options);
        CAPTURE(result.detail.english);
        CHECK(result.verdict == fault.verdict);
        CHECK_FALSE(result.detail.korean.empty());
    }
}

TEST_CASE(
    "survival: a loop that ignores every signal ends by itself when nobody watches the clock") {
    const WorkspaceFixture workspace;
    const Stub& stub = stubs[3];
    const Chapter chapter = find_chapter(stub.chapter);
    const std::string deaf = "for (int i = 1; i < 65; ++i) std::signal(i, SIG_IGN);\n";
    const auto file = workspace.write(
        "04_attention.cpp",
        "#include <csignal>\n" + file_with(stub, deaf + "for (volatile int i = 0;; i = i + 1) {}"));
    std::string problem;
    const auto object = compile_exercise(chapter, file, false, problem, {});
    REQUIRE(problem.empty());
    // As check() starts it, with one second of processor time, and without check()'s own clock.
    const auto start = std::chrono::steady_clock::now();
    const Finished finished = run_process(
        {std::string(VITRINE_BINARY_DIR) + "/bin/vitrine", "__host", "check", chapter.id,
         object.string(), (workspace.folder() / "events").string(), "0", "1"},
        {}, [&] { return std::chrono::steady_clock::now() - start < std::chrono::seconds(60); });
    CHECK_FALSE(finished.killed);
    CHECK(finished.signal == SIGKILL);
}

TEST_CASE("survival: a result of the wrong shape is said to be one, in every chapter") {
    const WorkspaceFixture workspace;
    const auto files = files_with(workspace, [](const Stub& stub) {
        return std::string("return ") + stub.wrong_shape + ";";
    });
    compile_ahead(files);
    for (std::size_t i = 0; i < files.size(); ++i) {
        const Stub& stub = stubs[i];
        CAPTURE(stub.chapter);
        const CheckResult result = check(files[i].chapter, files[i].file);
        CHECK(result.verdict == Verdict::failed);
        bool said = false;
        for (const CaseResult& each : result.cases) {
            if (each.exercise != stub.function) continue;
            said = said || each.message.english.find("shape") != std::string::npos;
        }
        CHECK(said);
    }
}

TEST_CASE("survival: --sanitize finds the line of an out-of-bounds write, in every chapter") {
    const WorkspaceFixture workspace;
    const auto files = files_with(workspace, [](const Stub& stub) {
        return std::string("std::vector<int> four(4);\nvolatile int i = 4;\n") +
               "four.data()[i] = 1;\nreturn " + stub.wrong_shape + ";";
    });
    CheckOptions options;
    options.sanitize = true;
    options.seconds_a_case = 30;
    compile_ahead(files, options.sanitize);
    for (const ChapterFile& each : files) {
        CAPTURE(each.chapter.id);
        const CheckResult result = check(each.chapter, each.file, options);
        CAPTURE(result.detail.english);
        CHECK(result.verdict == Verdict::crashed);
        CHECK(result.detail.english.find("heap-buffer-overflow") != std::string::npos);
        CHECK(result.detail.english.find(each.file.filename().string() + ":") != std::string::npos);
    }
}

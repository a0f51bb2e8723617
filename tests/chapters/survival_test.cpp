// In every chapter a learner's function may crash, never end or eat all memory: the check says
// which.
#include <doctest/doctest.h>

#include "tests/chapters/workspace_fixture.h"

using namespace vitrine;
using namespace vitrine::runner;
using vitrine::test::WorkspaceFixture;

namespace {

/// One function of each chapter.
struct Stub {
    const char* chapter;
    const char* function;
    const char* signature;
};

constexpr Stub stubs[] = {
    {"01_tokenization", "merge", "std::vector<int> merge(std::span<const int>, Pair, int)"},
    {"02_embeddings", "unembed", "Tensor2 unembed(Ref2, const Matrix&)"},
    {"03_positional_encoding", "sinusoidal", "Tensor2 sinusoidal(Index, Index)"},
    {"04_attention", "attention",
     "Tensor3 attention(Ref3, Ref3, Ref3, const Bias&, float, Record*)"},
    {"05_multi_head_attention", "split_heads", "Tensor3 split_heads(Ref2, Index)"},
    {"06_layer_norm", "layer_norm", "Tensor2 layer_norm(Ref2, const NormWeights&)"},
    {"07_feed_forward", "gelu", "Tensor2 gelu(Ref2)"},
    {"08_blocks", "padding_mask", "Tensor2 padding_mask(Index, Index, Index)"},
};

/// The solution with one function exchanged.
std::string file_with(const Stub& stub, const std::string& body) {
    const std::string name = stub.function;
    const std::string solution = (find_chapter(stub.chapter).folder / "solution.cpp").string();
    return "#include <cstdlib>\n#include <cstring>\n#include <vector>\n#define " + name +
           " right_" + name + "\n#include \"" + solution + "\"\n#undef " + name +
           "\nnamespace vitrine::mine {\n" + stub.signature + " {\n" + body + "\n}\n}\n";
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
    CheckOptions options;
    options.seconds_a_case = 1.0;
    options.memory = std::size_t{256} << 20U;
    for (const Stub& stub : stubs) {
        for (const Fault& fault : faults) {
            CAPTURE(stub.chapter);
            CAPTURE(fault.body);
            const std::string name = std::string(stub.chapter) + ".cpp";
            const CheckResult result =
                check(find_chapter(stub.chapter),
                      workspace.write(name, file_with(stub, fault.body)), options);
            CAPTURE(result.detail.english);
            CHECK(result.verdict == fault.verdict);
            CHECK_FALSE(result.detail.korean.empty());
        }
    }
}

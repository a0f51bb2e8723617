// --parts: the chapters' parts and the learner's give what the fast ones give, and what goes wrong
// in a learner's part is a message.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "io/json.h"
#include "io/safetensors.h"
#include "tests/chapters/workspace_fixture.h"
#include "tests/cli/run_program.h"

using namespace vitrine;
using vitrine::test::attention_file;
using vitrine::test::run_vitrine;
using vitrine::test::WorkspaceFixture;

namespace {

const std::string gpt2 = std::string(VITRINE_FIXTURES) + "/models/gpt2";
const std::string bundled = std::string(VITRINE_SOURCE_DIR) + "/assets/models/vitrine-small";

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Traces 12 tokens with these parts.
test::Finished trace(const WorkspaceFixture& workspace, const std::string& model,
                     const std::string& parts) {
    std::vector<std::int64_t> ids(12);
    std::iota(ids.begin(), ids.end(), 3);
    write_safetensors(workspace.folder() / "in.safetensors",
                      {{"input_ids", to_write(ids, {1, 12})}});
    return run_vitrine({"trace", "--model", model, "--inputs",
                        workspace.folder() / "in.safetensors", "--out",
                        workspace.folder() / (parts + ".safetensors"), "--parts", parts, "--all"});
}

/// The largest difference of any activation between two traces.
double largest_difference(const WorkspaceFixture& workspace, const std::string& a,
                          const std::string& b) {
    const TensorFile one = TensorFile::open(workspace.folder() / (a + ".safetensors"));
    const TensorFile other = TensorFile::open(workspace.folder() / (b + ".safetensors"));
    REQUIRE(one.tensors().size() == other.tensors().size());
    double largest = 0;
    for (const auto& [name, tensor] : one.tensors()) {
        const auto values = tensor.floats(), others = other.at(name).floats();
        REQUIRE(values.size() == others.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (values[i] != others[i])  // hidden scores are minus infinity in both
                largest = std::max(largest, std::abs(double(values[i]) - double(others[i])));
        }
    }
    return largest;
}

std::string solution() {
    return read_file(std::string(VITRINE_SOURCE_DIR) + "/chapters/04_attention/solution.cpp",
                     1U << 20U);
}

}  // namespace

// Bound: what float32 sums in another order may differ by over all layers of these models.
TEST_CASE("--parts: chapters and mine give every activation as fast does, on both models") {
    const WorkspaceFixture workspace;
    workspace.write("04_attention.cpp", solution());
    for (const std::string& model : {gpt2, bundled}) {
        CAPTURE(model);
        for (const char* parts : {"fast", "chapters", "mine"})
            REQUIRE(trace(workspace, model, parts).status == 0);
        CHECK(largest_difference(workspace, "fast", "chapters") < 1e-4);
        CHECK(largest_difference(workspace, "fast", "mine") < 1e-4);
    }
}

TEST_CASE("--parts mine: it is the learner's function that runs") {
    const WorkspaceFixture workspace;
    workspace.write("04_attention.cpp", attention_file("return zeros<3>(q.shape);"));
    REQUIRE(trace(workspace, gpt2, "fast").status == 0);
    REQUIRE(trace(workspace, gpt2, "mine").status == 0);
    const auto z_of = [&](const std::string& parts) {
        return TensorFile::open(workspace.folder() / (parts + ".safetensors"))
            .at("logits")
            .floats();
    };
    CHECK(z_of("fast") != z_of("mine"));
}

TEST_CASE("--parts mine: the library's part stands in for one not written, and that is said") {
    const WorkspaceFixture workspace;
    REQUIRE(trace(workspace, gpt2, "fast").status == 0);
    const test::Finished not_started = trace(workspace, gpt2, "mine");
    CHECK(not_started.status == 0);
    CHECK(contains(not_started.error, "stand in"));
    CHECK(largest_difference(workspace, "fast", "mine") == 0);
    workspace.write("04_attention.cpp", attention_file("throw Todo(\"attention\");"));
    const test::Finished todo = trace(workspace, gpt2, "mine");
    CHECK(todo.status == 0);
    CHECK(contains(todo.error, "not written yet"));
    CHECK(largest_difference(workspace, "fast", "mine") == 0);
}

TEST_CASE("--parts mine: what goes wrong names the part and its input, and writes nothing") {
    struct Wrong {
        const char* body;
        const char* message;
    };
    for (const Wrong& wrong :
         {Wrong{"std::abort();", "Aborted"}, Wrong{"std::exit(0);", "end of the program"},
          Wrong{"return zeros<3>({1, 1, 1});", "[1, 1, 1]"},
          Wrong{"throw std::runtime_error(\"no idea\");", "no idea"},
          Wrong{"return no_such_thing;", "04_attention.cpp:9:"}}) {
        CAPTURE(wrong.body);
        const WorkspaceFixture workspace;
        workspace.write("04_attention.cpp", attention_file(wrong.body));
        const test::Finished finished = trace(workspace, gpt2, "mine");
        CHECK(finished.status == 1);
        CAPTURE(finished.error);
        CHECK(contains(finished.error, "attention"));
        CHECK(contains(finished.error, wrong.message));
        CHECK_FALSE(std::filesystem::exists(workspace.folder() / "mine.safetensors"));
    }
}

TEST_CASE("--parts mine: generation gives the same ids; another name is bad usage") {
    const WorkspaceFixture workspace;
    workspace.write("04_attention.cpp", solution());
    const auto ids = [&](const std::string& parts) {
        const test::Finished finished =
            run_vitrine({"generate", "--model", bundled, "--ids", "0,5,9", "--temperature", "0",
                         "--max-new-tokens", "8", "--json", "--parts", parts});
        REQUIRE(finished.status == 0);
        return parse_json(finished.out, "generate")["ids"];
    };
    CHECK(ids("mine") == ids("fast"));
    CHECK(ids("chapters") == ids("fast"));
    CHECK(run_vitrine({"generate", "--ids", "0", "--parts", "nobody's"}).status == 2);
}

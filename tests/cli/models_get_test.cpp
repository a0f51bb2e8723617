#include <doctest/doctest.h>
#include <signal.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/run_program.h"
#include "golden.h"
#include "hub_server.h"
#include "io/json.h"
#include "scratch_folder.h"

using namespace vitrine::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr const char* of_the_cdn = "GET /signed/model.safetensors";

/// A hub with the small GPT-2 of the fixtures, and a home without a cache.
struct Stage {
    HubServer server;
    ScratchFolder scratch;

    Stage() {
        server.hold(fixture("models/gpt2"));
        server.files["pytorch_model.bin"] = "old weights";
    }
    std::vector<std::string> environment(const std::vector<std::string>& more = {}) const {
        std::vector<std::string> all = more;
        for (const std::string& variable :
             {"HF_HOME=" + scratch / "", "HF_ENDPOINT=" + server.endpoint(),
              std::string("HF_TOKEN="), std::string("HF_HUB_CACHE="),
              std::string("HF_HUB_OFFLINE="), std::string("no_proxy=*")}) {
            all.push_back(variable);
        }
        return all;
    }
    Finished run(const std::vector<std::string>& arguments,
                 const std::vector<std::string>& more = {}) const {
        return run_vitrine(arguments, "", environment(more));
    }
    std::string incomplete() const {
        return scratch / ("hub/models--someone--tiny/blobs/" + server.etag("model.safetensors") +
                          ".incomplete");
    }
};

/// One line on standard error that has this in it, and a status.
void check_error(const Finished& run, int status, const std::string& part) {
    INFO(run.error);
    CHECK(run.status == status);
    CHECK(run.error.find(part) != std::string::npos);
    CHECK(std::count(run.error.begin(), run.error.end(), '\n') == 1);
    CHECK(run.out.empty());
}

}  // namespace

TEST_CASE("vitrine models get: what was downloaded is used by its name") {
    const Stage stage;
    const std::vector<std::string> generate = {
        "generate",         "--model", "someone/tiny",  "--ids", "1,2,3",
        "--max-new-tokens", "4",       "--temperature", "0",     "--json"};
    check_error(stage.run(generate), 1, "`vitrine models get someone/tiny`");
    check_error(stage.run(generate, {"HF_HUB_OFFLINE=1"}), 1, "HF_HUB_OFFLINE is set");

    const Finished got = stage.run({"models", "get", "someone/tiny"});
    REQUIRE_MESSAGE(got.status == 0, got.error);
    CHECK(got.out.find("someone/tiny: ") == 0);
    CHECK(got.out.find(" MB downloaded, in ") != std::string::npos);
    CHECK(got.out.find("snapshots/" + stage.server.commit) != std::string::npos);

    const Finished here = stage.run(generate);
    REQUIRE_MESSAGE(here.status == 0, here.error);
    std::vector<std::string> folder = generate;
    folder[2] = fixture("models/gpt2");
    CHECK(json::parse(here.out)["ids"] == json::parse(stage.run(folder).out)["ids"]);
    const json list = json::parse(stage.run({"models", "list", "--json"}).out);
    CHECK(list.back()["name"] == "someone/tiny");
    CHECK(list.back()["kind"] == "cached");
    const Finished tokens = stage.run({"tokenize", "a cat", "--model", "someone/tiny@main"});
    CHECK_MESSAGE(tokens.status == 0, tokens.error);

    const Finished again = stage.run({"models", "get", "someone/tiny"});
    CHECK(again.out.find("nothing new") != std::string::npos);
    const Finished offline = stage.run({"models", "get", "someone/tiny"},
                                       {"HF_HUB_OFFLINE=1", "HF_ENDPOINT=http://127.0.0.1:1"});
    CHECK(offline.status == 0);
}

TEST_CASE("vitrine models get: another version goes by its name and stands beside the first") {
    Stage stage;
    REQUIRE(stage.run({"models", "get", "someone/tiny"}).status == 0);
    stage.server.commit = std::string(40, 'b');
    stage.server.revision = "v2";
    REQUIRE(stage.run({"models", "get", "someone/tiny@v2"}).status == 0);
    const Finished info = stage.run({"models", "info", "someone/tiny@v2", "--json"});
    REQUIRE_MESSAGE(info.status == 0, info.error);
    CHECK(json::parse(info.out)["folder"].get<std::string>().find(stage.server.commit) !=
          std::string::npos);
    CHECK(json::parse(stage.run({"models", "list", "--json"}).out).size() == 4);
}

TEST_CASE("vitrine models get: errors are one line") {
    Stage stage;
    check_error(stage.run({"models", "get"}), 2, "model");
    check_error(stage.run({"models", "get", "../evil"}), 1, "OWNER/NAME");
    check_error(stage.run({"models", "get", "a/b@../../x"}), 1, "revision");
    check_error(stage.run({"models", "get", "no/such"}), 1, "no such model");
    check_error(stage.run({"models", "get", "a/b"}, {"HF_ENDPOINT=ftp://x"}), 1, "HF_ENDPOINT");
    check_error(stage.run({"models", "get", "someone/tiny"}, {"HF_HUB_OFFLINE=1"}), 1,
                "HF_HUB_OFFLINE");
    check_error(stage.run({"models", "get", "someone/tiny"}, {"HF_HOME=/dev/null"}), 1, "HF_HOME");
    stage.server.gated = true;
    const Finished gated = stage.run({"models", "get", "someone/tiny"}, {"HF_TOKEN=hf_wrong"});
    check_error(gated, 1, "accept its conditions");
    CHECK(gated.error.find("hf_wrong") == std::string::npos);
    stage.scratch.write("token", "hf_secret\n");  // where `hf auth login` puts it
    const Finished allowed = stage.run({"models", "get", "someone/tiny"});
    CHECK_MESSAGE(allowed.status == 0, allowed.error);
    CHECK((allowed.out + allowed.error).find("hf_secret") == std::string::npos);
    stage.server.gated = false;
    stage.server.files.erase("model.safetensors");
    stage.server.commit = std::string(40, 'c');
    check_error(stage.run({"models", "get", "someone/tiny"}), 1, "only pytorch_model.bin");
}

// A file that another program fetched alone: transformers asks for config.json first.
TEST_CASE("vitrine --model: a model of which only the config is cached says what is missing") {
    const Stage stage;
    const std::string folder = "hub/models--someone--tiny";
    fs::create_directories(stage.scratch / (folder + "/refs"));
    fs::create_directories(stage.scratch / (folder + "/snapshots/abc"));
    stage.scratch.write(folder + "/refs/main", "abc");
    stage.scratch.write(folder + "/snapshots/abc/config.json",
                        stage.server.files.at("config.json"));
    check_error(stage.run({"models", "info", "someone/tiny"}), 1,
                "`vitrine models get someone/tiny`");
}

TEST_CASE("vitrine models get: Ctrl-C leaves what has come, and the next command goes on from it") {
    Stage stage;
    const std::string& bytes = stage.server.files["model.safetensors"];
    constexpr std::size_t first = 10000;
    std::atomic<bool> over = false;
    stage.server.plant(of_the_cdn, 1, [&](const httplib::Request&, httplib::Response& response) {
        response.set_content_provider(
            bytes.size(), "application/octet-stream",
            [&](std::size_t offset, std::size_t, httplib::DataSink& sink) {
                if (offset == 0) return sink.write(bytes.data(), first);
                while (!over)
                    std::this_thread::sleep_for(
                        std::chrono::milliseconds(1));  // the rest never comes
                return false;
            });
    });
    Scratch in, out, error;
    const pid_t child = start_vitrine({"models", "get", "someone/tiny"}, in.descriptor(),
                                      out.descriptor(), error.descriptor(), stage.environment());
    REQUIRE(child != 0);
    std::error_code none;
    while (!fs::exists(stage.incomplete(), none) || fs::file_size(stage.incomplete()) < first) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ::kill(child, SIGINT);
    CHECK(wait_for(child) == 130);
    over = true;
    CHECK(error.read().find("`vitrine models get someone/tiny` goes on from here") !=
          std::string::npos);
    CHECK(fs::file_size(stage.incomplete()) == first);
    CHECK(stage.run({"models", "info", "someone/tiny"}).status == 1);

    const Finished rest = stage.run({"models", "get", "someone/tiny"});
    REQUIRE_MESSAGE(rest.status == 0, rest.error);
    CHECK(stage.server.seen().back().range == "bytes=10000-");
    CHECK(stage.run({"models", "info", "someone/tiny"}).status == 0);
}

TEST_CASE("vitrine models get: two processes at once") {
    Stage stage;
    pid_t children[2];
    Scratch in, out;
    for (pid_t& child : children) {
        child = start_vitrine({"models", "get", "someone/tiny"}, in.descriptor(), out.descriptor(),
                              out.descriptor(), stage.environment());
    }
    for (const pid_t child : children) CHECK(wait_for(child) == 0);
    CHECK(stage.server.count(of_the_cdn) == 1);
    CHECK(stage.run({"models", "info", "someone/tiny"}).status == 0);
}

TEST_CASE("vitrine models get: through a proxy") {
    const Stage stage;
    const Finished run =
        stage.run({"models", "get", "someone/tiny"},
                  {"HF_ENDPOINT=http://hub.invalid", "http_proxy=" + stage.server.endpoint(),
                   "no_proxy=", "NO_PROXY="});
    CHECK_MESSAGE(run.status == 0, run.error);
}

#include "hub/download.h"

#include <sys/stat.h>

#include <algorithm>
#include <thread>

#include "lib/hub/download_stage.h"

using namespace vitrine;
using namespace vitrine::test;
namespace fs = std::filesystem;

// The layout of huggingface.co/docs/hub/local-cache, entry for entry.
TEST_CASE("hub download: the cache is laid out as Python's library does it") {
    DownloadStage stage;
    const hub::Downloaded model = stage.get();
    CHECK(model.commit == stage.server.commit);
    CHECK(model.folder == stage.model() / "snapshots" / stage.server.commit);
    const auto size = [&](const char* file) { return stage.server.files.at(file).size(); };
    CHECK(model.bytes == static_cast<std::int64_t>(size("config.json") + size("tokenizer.json") +
                                                   size("model.safetensors")));

    std::vector<std::string> entries;
    for (const auto& entry : fs::recursive_directory_iterator(stage.model())) {
        entries.push_back(entry.path().lexically_relative(stage.model()).string());
    }
    std::sort(entries.begin(), entries.end());
    const std::string snapshot = "snapshots/" + stage.server.commit;
    std::vector<std::string> wanted = {"blobs",
                                       "blobs/" + stage.server.etag("config.json"),
                                       "blobs/" + stage.server.etag("tokenizer.json"),
                                       "blobs/" + stage.server.etag("model.safetensors"),
                                       "refs",
                                       "refs/main",
                                       "snapshots",
                                       snapshot,
                                       snapshot + "/config.json",
                                       snapshot + "/model.safetensors",
                                       snapshot + "/tokenizer.json"};
    std::sort(wanted.begin(), wanted.end());
    CHECK(entries == wanted);
    CHECK(read_file(stage.model() / "refs/main", 100) == stage.server.commit);  // no line end
    for (const char* file : {"config.json", "tokenizer.json", "model.safetensors"}) {
        CHECK(fs::read_symlink(stage.model() / snapshot / file) ==
              fs::path("../../blobs") / stage.server.etag(file));
        CHECK(stage.snapshot_file(file) == stage.server.files.at(file));
    }
}

TEST_CASE("hub download: only what is needed, and nothing twice") {
    DownloadStage stage;
    stage.get();
    CHECK(stage.server.count("pytorch_model.bin") == 0);
    CHECK(stage.server.count("README.md") == 0);
    CHECK(stage.server.count("GET /signed/model.safetensors") == 1);
    stage.server.forget();
    CHECK(stage.get().bytes == 0);
    CHECK(stage.server.count("GET /someone") == 0);
    CHECK(stage.server.count("GET /signed") == 0);

    // A new commit with one new file: the blobs of the others serve again.
    stage.server.commit = std::string(40, 'b');
    stage.server.files["config.json"] = R"({"model_type": "bert"})";
    CHECK(stage.get().bytes == 22);
    CHECK(read_file(stage.model() / "refs/main", 100) == stage.server.commit);
    CHECK(stage.snapshot_file("config.json") == stage.server.files["config.json"]);
    CHECK(fs::exists(stage.model() / "snapshots" /
                     std::string("0123456789abcdef0123456789abcdef01234567")));
}

TEST_CASE("hub download: shards, and a sentence encoder's modules in their folders") {
    DownloadStage stage;
    auto& files = stage.server.files;
    files.erase("model.safetensors");
    files["model-1.safetensors"] = some_bytes(1000);
    files["model-2.safetensors"] = some_bytes(2000);
    files["extra.safetensors"] = "not named by the index";
    files["model.safetensors.index.json"] =
        R"({"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}})";
    files["modules.json"] = R"([{"path": ""}, {"path": "1 Pooling"}])";
    files["1 Pooling/config.json"] = "{}";
    stage.get();
    CHECK(stage.snapshot_file("model-1.safetensors") == files["model-1.safetensors"]);
    CHECK(stage.snapshot_file("model-2.safetensors") == files["model-2.safetensors"]);
    CHECK(stage.snapshot_file("1 Pooling/config.json") == "{}");
    CHECK(fs::read_symlink(stage.model() / "snapshots" / stage.server.commit /
                           "1 Pooling/config.json") ==
          fs::path("../../../blobs") / stage.server.etag("1 Pooling/config.json"));
    CHECK(stage.server.count("extra") == 0);
}

TEST_CASE("hub download: a branch, a pull request and a commit") {
    DownloadStage stage;
    stage.server.revision = "refs/pr/1";
    stage.get("someone/tiny@refs/pr/1");
    CHECK(read_file(stage.model() / "refs/refs/pr/1", 100) == stage.server.commit);
    CHECK(!fs::exists(stage.model() / "refs/main"));
    fs::remove_all(stage.model());
    CHECK(stage.get("someone/tiny@" + stage.server.commit).commit == stage.server.commit);
    CHECK(!fs::exists(stage.model() / "refs"));
}

TEST_CASE("hub download: a model that was renamed is found, in the folder of the name asked for") {
    DownloadStage stage;
    const auto moved = [](const httplib::Request& request, httplib::Response& response) {
        std::string path = request.path;
        path.replace(path.find("/old"), 4, "/someone/tiny");
        response.set_redirect(path, 307);
    };
    stage.server.plant("/old/", 100, moved);
    const hub::Downloaded model = stage.get("old");
    CHECK(model.folder == stage.settings.cache / "models--old" / "snapshots" / stage.server.commit);
    CHECK(read_file(model.folder / "config.json", 100) == stage.server.files["config.json"]);
    // A redirect to the hub itself keeps what the hub said on the way.
    CHECK(fs::file_size(model.folder / "model.safetensors") == 300000);
}

TEST_CASE("hub download: progress goes from what is there to everything") {
    DownloadStage stage;
    std::vector<std::int64_t> done;
    std::int64_t whole = 0;
    const auto progress = [&](std::int64_t now, std::int64_t total) {
        done.push_back(now);
        whole = total;
    };
    stage.get("someone/tiny", progress);
    CHECK(done.front() == 0);
    CHECK(done.back() == whole);
    CHECK(whole == 300000 + 22 + 2);
    CHECK(std::is_sorted(done.begin(), done.end()));
    done.clear();
    stage.get("someone/tiny", progress);
    CHECK(done == std::vector<std::int64_t>{whole});
}

TEST_CASE("hub download: the token goes to the hub and to no other host") {
    DownloadStage stage;
    stage.server.gated = true;
    stage.settings.token = "hf_secret";
    stage.get();
    int with_token = 0;
    for (const Seen& request : stage.server.seen()) {
        CAPTURE(request.path);
        CHECK(request.authorization == (request.cdn ? "" : "Bearer hf_secret"));
        with_token += !request.cdn;
    }
    CHECK(with_token > 4);
    CHECK(stage.server.count("GET /signed/model.safetensors") == 1);
}

TEST_CASE("hub download: the token stays out of messages, also where a server repeats it") {
    const auto echo = [](int status) {
        return [status](const httplib::Request& request, httplib::Response& response) {
            response.status = status;
            response.set_header("X-Error-Message", request.get_header_value("Authorization"));
            response.set_content(request.get_header_value("Authorization"), "text/plain");
        };
    };
    for (const char* part : {"/api/", "HEAD"}) {
        for (const int status : {200, 302, 400, 401, 403, 404, 429, 500}) {
            CAPTURE(status);
            DownloadStage stage;
            stage.settings.token = "hf_secret";
            stage.server.plant(part, 100, echo(status));
            const std::string problem = stage.problem();
            CHECK(!problem.empty());
            CHECK(!contains(problem, "secret"));
        }
    }
}

TEST_CASE("hub download: two at once, in one cache, both find it whole and one downloads") {
    DownloadStage stage;
    stage.server.files["model.safetensors"] = some_bytes(5000000);
    std::string problems[4];
    {
        std::vector<std::jthread> both;
        for (std::string& problem : problems) {
            both.emplace_back([&stage, &problem] { problem = stage.problem(); });
        }
    }
    for (const std::string& problem : problems) CHECK(problem.empty());
    CHECK(stage.server.count("GET /signed/model.safetensors") == 1);
    CHECK(stage.snapshot_file("model.safetensors") == stage.server.files["model.safetensors"]);
    CHECK(!fs::exists(stage.incomplete("model.safetensors")));
}

TEST_CASE("hub download: offline finds what is there and asks nobody") {
    DownloadStage stage;
    stage.settings.offline = true;
    CHECK(contains(stage.problem(), "HF_HUB_OFFLINE"));
    stage.settings.offline = false;
    stage.get();
    stage.server.forget();
    stage.settings.offline = true;
    CHECK(stage.get().folder == stage.model() / "snapshots" / stage.server.commit);
    CHECK(contains(stage.problem("someone/tiny@v2"), "HF_HUB_OFFLINE"));
    fs::remove(stage.model() / "snapshots" / stage.server.commit / "model.safetensors");
    CHECK(contains(stage.problem(), "HF_HUB_OFFLINE"));
    CHECK(stage.server.seen().empty());
}

// A hub, a network and a disk that do wrong.
#include <thread>

#include "lib/hub/download_stage.h"

using namespace vitrine;
using namespace vitrine::test;
using std::chrono::seconds;
namespace fs = std::filesystem;

namespace {
constexpr const char* weights = "model.safetensors";
constexpr const char* of_the_cdn = "GET /signed/model.safetensors";

std::vector<std::string> ranges(HubServer& server) {
    std::vector<std::string> found;
    for (const Seen& request : server.seen()) {
        if (request.cdn) found.push_back(request.range);
    }
    return found;
}
}  // namespace

TEST_CASE("hub faults: a download that is cut goes on where it was") {
    DownloadStage stage;
    stage.server.plant_cut(of_the_cdn, 1, weights, 100000);
    stage.server.plant_cut(of_the_cdn, 1, weights, 200000);
    stage.get();
    CHECK(ranges(stage.server) == std::vector<std::string>{"", "bytes=100000-", "bytes=200000-"});
    CHECK(stage.snapshot_file(weights) == stage.server.files[weights]);
    CHECK(stage.waits == std::vector<std::chrono::milliseconds>{seconds(1), seconds(2)});
}

TEST_CASE("hub faults: cut again and again, it gives up, says so and keeps what came") {
    DownloadStage stage;
    stage.server.plant_cut(of_the_cdn, 5, weights, 100000);
    const std::string problem = stage.problem();
    CHECK(contains(problem, "model.safetensors"));
    CHECK(contains(problem, "5 times in a row"));
    CHECK(contains(problem, "goes on from there"));
    CHECK(stage.waits.size() == 4);
    CHECK(fs::file_size(stage.incomplete(weights)) == 100000);
    CHECK(stage.nothing_is_taken_for_whole());
    stage.server.forget();
    CHECK(stage.get().bytes == 200000);
    CHECK(ranges(stage.server) == std::vector<std::string>{"bytes=100000-"});
    CHECK(stage.snapshot_file(weights) == stage.server.files[weights]);
}

TEST_CASE("hub faults: tries that bring much are not counted against it") {
    DownloadStage stage;
    stage.server.files[weights] = some_bytes(20 << 20);
    for (std::size_t i = 1; i < 10; ++i) {
        stage.server.plant_cut(of_the_cdn, 1, weights, i * 2 << 20U);
    }
    stage.get();
    CHECK(ranges(stage.server).size() == 10);
    CHECK(stage.snapshot_file(weights) == stage.server.files[weights]);
}

TEST_CASE("hub faults: a server that starts anew, or elsewhere, does no harm") {
    DownloadStage stage;
    stage.server.plant_cut(of_the_cdn, 1, weights, 100000);
    stage.server.plant(
        of_the_cdn, 1, [&](const httplib::Request& request, httplib::Response& response) {
            const_cast<httplib::Request&>(request).ranges.clear();  // answers 200 with everything
            response.set_content(stage.server.files[weights], "application/octet-stream");
        });
    stage.get();
    CHECK(stage.snapshot_file(weights) == stage.server.files[weights]);

    DownloadStage other;
    other.server.plant_cut(of_the_cdn, 1, weights, 100000);
    other.server.plant(
        of_the_cdn, 1, [&](const httplib::Request& request, httplib::Response& response) {
            const_cast<httplib::Request&>(request).ranges.clear();
            response.status = 206;
            response.set_header("Content-Range", "bytes 5-299999/300000");
            response.set_content(other.server.files[weights].substr(5), "application/octet-stream");
        });
    other.get();
    CHECK(other.snapshot_file(weights) == other.server.files[weights]);
}

TEST_CASE("hub faults: bytes that don't have the checksum are not kept") {
    for (const char* file : {"tokenizer.json", weights}) {
        CAPTURE(file);
        DownloadStage stage;
        std::string wrong = stage.server.files[file];
        wrong[1] ^= 1;
        stage.server.plant(
            std::string("GET /") + (HubServer::is_large(file) ? "signed" : "someone"), 100,
            [&, wrong](const httplib::Request& request, httplib::Response& response) {
                const std::string name = request.path.substr(request.path.rfind('/') + 1);
                response.set_content(name == file ? wrong : stage.server.files.at(name),
                                     "text/plain");
            });
        const std::string problem = stage.problem();
        CHECK(contains(problem, file));
        CHECK(contains(problem, stage.server.etag(file)));
        CHECK(contains(problem, "damaged"));
        CHECK(!fs::exists(stage.blob(file)));
        CHECK(fs::file_size(stage.incomplete(file)) == 0);
        CHECK(stage.nothing_is_taken_for_whole());
    }
}

TEST_CASE("hub faults: what an earlier command left damaged is downloaded anew") {
    DownloadStage stage;
    fs::create_directories(stage.model() / "blobs");
    std::ofstream(stage.incomplete(weights)) << std::string(1000, 'x');
    std::ofstream(stage.incomplete("config.json")) << std::string(1000, 'x');  // longer than it
    std::ofstream(stage.blob("tokenizer.json")) << "{";  // another program was cut
    stage.get();
    CHECK(ranges(stage.server) == std::vector<std::string>{"bytes=1000-", ""});
    for (const char* file : {"config.json", "tokenizer.json", weights}) {
        CHECK(stage.snapshot_file(file) == stage.server.files[file]);
    }
}

TEST_CASE("hub faults: another size than was said") {
    for (const char* size : {"299999", "300001"}) {
        DownloadStage stage;
        const std::string etag = stage.server.etag(weights);
        const auto say = [&](const httplib::Request&, httplib::Response& response) {
            response.set_header("X-Linked-Etag", etag);
            response.set_header("X-Linked-Size", size);
            response.set_redirect(stage.server.cdn() + "/signed/model.safetensors", 302);
        };
        stage.server.plant(
            std::string("HEAD /someone/tiny/resolve/") + stage.server.commit + "/" + weights, 1,
            say);
        const std::string problem = stage.problem();
        CHECK(contains(problem, std::string("expected ") + size + " bytes, got 300000"));
        CHECK(stage.nothing_is_taken_for_whole());
    }
}

TEST_CASE("hub faults: 429 is waited for as long as the server asks") {
    DownloadStage stage;
    stage.server.plant("/api/", 1, 429, {"Retry-After", "17"});
    stage.server.plant(of_the_cdn, 1, 429, {"Retry-After", "23"});
    stage.server.plant("config.json", 1, 503);
    stage.get();
    std::sort(stage.waits.begin(), stage.waits.end());
    CHECK(stage.waits ==
          std::vector<std::chrono::milliseconds>{seconds(1), seconds(17), seconds(23)});

    DownloadStage strict;
    strict.server.plant("/api/", 1, 429, {"Retry-After", "3600"});
    CHECK(contains(strict.problem(), "3600 s"));
    CHECK(strict.waits.empty());
}

TEST_CASE("hub faults: an ill server gets five tries") {
    for (const int status : {429, 500, 502, 503, 504}) {
        DownloadStage stage;
        stage.server.plant("/api/", 5, status);
        const std::string problem = stage.problem();
        CHECK(contains(problem, "status " + std::to_string(status)));
        CHECK(contains(problem, "5 times in a row"));
        CHECK(stage.waits == std::vector<std::chrono::milliseconds>{seconds(1), seconds(2),
                                                                    seconds(4), seconds(8)});
        CHECK(stage.problem().empty());
    }
}

TEST_CASE("hub faults: what is not there or not allowed is said at once") {
    DownloadStage stage;
    CHECK(contains(stage.problem("someone/else"), "no such model"));
    CHECK(contains(stage.problem("someone/tiny@v9"), "\"v9\""));
    stage.server.plant("HEAD", 1, 404, {"X-Error-Code", "EntryNotFound"});
    CHECK(contains(stage.problem(), "no such file"));
    stage.server.plant("/api/", 1, 401, {"X-Error-Code", "RepoNotFound"});
    const std::string hidden = stage.problem();
    CHECK(contains(hidden, "check the name"));
    CHECK(contains(hidden, "HF_TOKEN"));
    stage.settings.token = "hf_wrong";
    stage.server.plant("/api/", 1, 401);
    CHECK(contains(stage.problem(), "still valid"));
    stage.server.gated = true;
    const std::string gated = stage.problem();
    CHECK(contains(gated, "gated"));
    CHECK(contains(gated, "accept its conditions"));
    stage.server.plant("HEAD", 100, 403);
    CHECK(contains(stage.problem(), "gated"));
    CHECK(stage.waits.empty());
    CHECK(stage.nothing_is_taken_for_whole());
}

TEST_CASE("hub faults: an address of the CDN that has expired is asked for anew") {
    DownloadStage stage;
    stage.server.plant(of_the_cdn, 1, 403);
    stage.get();
    CHECK(stage.server.count(of_the_cdn) == 2);
    CHECK(stage.server.count("GET /someone/tiny/resolve/" + stage.server.commit + "/" + weights) ==
          2);
}

TEST_CASE("hub faults: names that lead out of the folder are refused") {
    for (const char* name : {"../../evil.json", "/etc/evil", "a/../../evil", "..\\evil"}) {
        CAPTURE(name);
        DownloadStage stage;
        stage.server.files[name] = "evil";
        CHECK(contains(stage.problem(), "inside the model's folder"));
        CHECK(!fs::exists(stage.settings.cache));
    }
    DownloadStage stage;
    stage.server.files["modules.json"] = R"([{"path": "../../../evil"}])";
    CHECK(contains(stage.problem(), "inside the model's folder"));
    CHECK(stage.nothing_is_taken_for_whole());
}

TEST_CASE("hub faults: checksums that would be paths, listings that are none, endless redirects") {
    for (const char* etag : {"../../evil", "", "abc", "W/\"123\""}) {
        DownloadStage stage;
        stage.server.plant("HEAD", 100, 200, {"ETag", etag});
        CHECK(contains(stage.problem(), "checksum"));
    }
    for (const char* text : {"", "[]", "{}", R"({"sha": "../..", "siblings": []})",
                             R"({"sha": 1, "siblings": []})", "<html>"}) {
        CAPTURE(text);
        DownloadStage stage;
        stage.server.plant("/api/", 1,
                           [text](const httplib::Request&, httplib::Response& response) {
                               response.set_content(text, "text/html");
                           });
        CHECK(!stage.problem().empty());
    }
    DownloadStage stage;
    stage.server.plant("/api/", 100,
                       [](const httplib::Request& request, httplib::Response& response) {
                           response.set_redirect(request.path, 307);
                       });
    CHECK(contains(stage.problem(), "redirects"));
    stage.server.plant("", 1, [](const httplib::Request&, httplib::Response& response) {
        response.set_redirect("file:///etc/passwd", 307);
    });
    CHECK(!stage.problem().empty());
}

TEST_CASE("hub faults: a server that is not there is said at once") {
    DownloadStage stage;
    stage.settings.endpoint = "http://127.0.0.1:1";
    const std::string problem = stage.problem();
    CHECK(contains(problem, "127.0.0.1:1"));
    CHECK(contains(problem, "check the network"));
    CHECK(stage.waits.empty());
}

TEST_CASE("hub faults: a full disk") {
    DownloadStage stage;
    fs::create_directories(stage.model() / "blobs");
    fs::create_symlink("/dev/full", stage.incomplete(weights));
    const std::string problem = stage.problem();
    CHECK(contains(problem, "No space left on device"));
    CHECK(!fs::exists(stage.blob(weights)));
    CHECK(stage.nothing_is_taken_for_whole());
    fs::remove(stage.incomplete(weights));
    CHECK(stage.problem().empty());

    for (const bool absurd : {false, true}) {
        DownloadStage small;
        const std::string etag = small.server.etag(weights);
        // Three files, each of more than half of what is free.
        const std::uintmax_t half = fs::space(small.scratch.path()).available / 2 + 1000000000;
        const std::string size = absurd ? "4000000000000000000" : std::to_string(half);
        small.server.plant("HEAD", 100, [&](const httplib::Request&, httplib::Response& response) {
            response.set_header("X-Linked-Etag", etag);
            response.set_header("X-Linked-Size", size);
            response.set_redirect(small.server.cdn() + "/signed/model.safetensors", 302);
        });
        CHECK(contains(small.problem(), absurd ? "at most 1024 TB" : "MB of room"));
        CHECK(small.server.count(of_the_cdn) == 0);
    }
}

TEST_CASE("hub faults: a stop leaves what has come, and the next command goes on from it") {
    std::atomic<bool> done = false;  // a thread of the stage may look at it until the stage goes
    DownloadStage stage;
    std::stop_source stop;
    const std::string& bytes = stage.server.files[weights];
    stage.server.plant(of_the_cdn, 1, [&](const httplib::Request&, httplib::Response& response) {
        response.set_content_provider(
            bytes.size(), "application/octet-stream",
            [&](std::size_t offset, std::size_t, httplib::DataSink& sink) {
                if (offset == 0) return sink.write(bytes.data(), 100000);
                while (!done)
                    std::this_thread::sleep_for(
                        std::chrono::milliseconds(1));  // the rest never comes
                return false;
            });
    });
    const auto progress = [&](std::int64_t now, std::int64_t) {
        if (now >= 100000 + 24) stop.request_stop();
    };
    CHECK_THROWS_AS(stage.get("someone/tiny", progress, stop.get_token()), Stopped);
    done = true;
    CHECK(fs::file_size(stage.incomplete(weights)) == 100000);
    CHECK(stage.nothing_is_taken_for_whole());
    CHECK(stage.get().bytes == 200000);
    CHECK(stage.snapshot_file(weights) == bytes);
}

TEST_CASE("hub faults: a connection that falls silent counts as cut") {
    std::atomic<bool> done = false;  // a thread of the stage may look at it until the stage goes
    DownloadStage stage;
    stage.settings.silent_seconds = 1;
    const std::string& bytes = stage.server.files[weights];
    stage.server.plant(of_the_cdn, 1, [&](const httplib::Request&, httplib::Response& response) {
        response.set_content_provider(
            bytes.size(), "application/octet-stream",
            [&](std::size_t offset, std::size_t, httplib::DataSink& sink) {
                if (offset == 0) return sink.write(bytes.data(), 100000);
                while (!done) std::this_thread::sleep_for(std::chrono::milliseconds(1));
                return false;
            });
    });
    stage.get();
    done = true;
    CHECK(ranges(stage.server) == std::vector<std::string>{"", "bytes=100000-"});
    CHECK(stage.snapshot_file(weights) == bytes);
}

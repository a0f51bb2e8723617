#include "viz/views/models.h"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <chrono>

#include "golden.h"
#include "hub_server.h"
#include "io/json.h"
#include "io/model_places.h"
#include "scratch_folder.h"
#include "tests/viz/view_stage.h"
#include "viz/views/models_parts.h"

using namespace vitrine;
using namespace vitrine::test;
using namespace vitrine::viz;

namespace {

/// A hub with the small GPT-2 of the fixtures, and a home without a cache.
struct Hub {
    HubServer server;
    ScratchFolder home;

    Hub() {
        server.hold(fixture("models/gpt2"));
        ::setenv("HF_HOME", (home / "").c_str(), 1);
        ::setenv("HF_ENDPOINT", server.endpoint().c_str(), 1);
    }
    ~Hub() {
        for (const char* name : {"HF_HOME", "HF_ENDPOINT", "HF_HUB_OFFLINE"}) ::unsetenv(name);
    }
};

struct Shown {
    ViewStage stage{{1000.0F, 1400.0F}};
    ModelsMemory& memory = stage.memory().of<ModelsMemory>();

    std::string text() { return stage.text_of(draw_models); }
    /// Until the download has ended, and what is here was looked at again.
    void wait() {
        const auto limit = std::chrono::steady_clock::now() + std::chrono::minutes(1);
        while (memory.download.state().running && std::chrono::steady_clock::now() < limit)
            stage.frame(draw_models);
        REQUIRE(!memory.download.state().running);
        stage.settle(draw_models);
    }
};

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("models: what is bundled, with what it is, and what the hub has") {
    Hub hub;
    Shown shown;
    shown.stage.settle(draw_models);
    const std::string text = shown.text();
    CHECK(holds(text, "vitrine-small"));
    CHECK(holds(text,
                "gpt2  ·  6 layers of 8 heads  ·  6.4 million parameters  ·  float16, 12.8 MB"));
    CHECK(holds(text, "stories260k"));
    CHECK(holds(text, "openai-community/gpt2"));
    CHECK(hub.server.count("") == 0);  // nobody is asked before the learner wants something
}

TEST_CASE("models: one of the hub comes, and can be shown then") {
    Hub hub;
    Shown shown;
    shown.memory.download.begin("someone/tiny");
    shown.wait();
    CHECK(shown.memory.download.state().finished);
    CHECK(shown.stage.wishes.toast == "someone/tiny is here.");
    CHECK(holds(shown.text(), "in the cache"));
    const auto model = load_with_tokenizer(find_model("someone/tiny").folder);
    CHECK(model->name == "someone/tiny");  // and not the commit that its folder is called by
}

TEST_CASE("models: why one did not come is said, and nothing is offered offline") {
    Hub hub;
    Shown shown;
    shown.memory.download.begin("someone/other");
    shown.wait();
    CHECK(!shown.memory.download.state().finished);
    CHECK(holds(shown.text(), "someone/other: "));
    CHECK(holds(shown.memory.download.state().problem, "someone/other"));
    ::setenv("HF_HUB_OFFLINE", "1", 1);
    CHECK(holds(shown.text(), "HF_HUB_OFFLINE is set"));
}

TEST_CASE("models: a damaged one says what is wrong with it") {
    Hub hub;
    const auto snapshot =
        hub.home.path() /
        "hub/models--someone--broken/snapshots/0123456789abcdef0123456789abcdef01234567";
    std::filesystem::create_directories(snapshot);
    hub.home.write(snapshot.lexically_relative(hub.home.path()) / "config.json", "{}");
    Shown shown;
    shown.stage.settle(draw_models);
    CHECK(holds(shown.text(), "someone/broken"));
    CHECK(holds(shown.text(), "model_type"));
}

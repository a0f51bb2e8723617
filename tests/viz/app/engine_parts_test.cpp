// The engine with other parts than the library's, and with models that are loaded while it runs.
#include <doctest/doctest.h>

#include "chapters/runner/comparison.h"
#include "io/assets.h"
#include "io/model_places.h"
#include "tests/chapters/workspace_fixture.h"
#include "viz/app/engine.h"
#include "viz/app/learner_run.h"

using namespace vitrine;
using namespace vitrine::viz;
using vitrine::test::attention_file;
using vitrine::test::WorkspaceFixture;

TEST_CASE("engine: a text that was asked for before the model is there is answered after it") {
    Engine engine;
    engine.load(bundled_model_folder());
    engine.request("The king");
    CHECK(engine.busy());
    engine.wait();
    REQUIRE(engine.run());
    CHECK(engine.run()->text == "The king");
    CHECK_FALSE(engine.loading());
}

TEST_CASE("engine: another model runs the same text; one that is not there leaves the old one") {
    Engine engine;
    engine.load(bundled_model_folder());
    engine.request("The king");
    engine.wait();
    engine.load(find_model("stories260k").folder);
    engine.wait();
    CHECK(engine.model()->name == "stories260k");
    CHECK(engine.run()->text == "The king");
    CHECK(engine.run()->model == engine.model());
    engine.load("/nowhere");
    engine.wait();
    CHECK(engine.error().find("/nowhere") != std::string::npos);
    CHECK(engine.model()->name == "stories260k");
    engine.request("A queen");
    engine.wait();
    CHECK(engine.error().empty());
    CHECK(engine.run()->text == "A queen");
}

TEST_CASE("engine: a first model that can't be loaded is an error, not an endless wait") {
    Engine engine;
    engine.load("/nowhere");
    engine.request("The king");
    engine.wait();
    CHECK_FALSE(engine.run());
    CHECK(engine.error().find("/nowhere") != std::string::npos);
}

TEST_CASE("engine: the chapters' parts give the library's numbers, and the run says so") {
    Engine engine(load_with_tokenizer(bundled_model_folder()));
    engine.use_parts("chapters");
    engine.request("The king said");
    engine.wait();
    REQUIRE(engine.run());
    CHECK(engine.run()->parts == "chapters");
    REQUIRE(engine.run()->report);
    CHECK(engine.run()->report->first.empty());
    CHECK(engine.run()->report->chain.size() == 94);
}

TEST_CASE("engine: a learner's part runs in the model; a save changes what it says") {
    const WorkspaceFixture workspace;
    const auto chapter_file = [](const std::string& name) {
        return read_file(std::string(VITRINE_SOURCE_DIR) + "/chapters/04_attention/" + name,
                         1U << 20U);
    };
    workspace.write("04_attention.cpp", chapter_file("solution.cpp"));
    Engine engine(load_with_tokenizer(bundled_model_folder()));
    engine.use_parts("mine");
    engine.request("The king said to");
    engine.wait();
    auto run = engine.run();
    REQUIRE(run);
    REQUIRE_MESSAGE(run->parts_problem.empty(), run->parts_problem);
    CHECK(run->report->first.empty());
    REQUIRE(run->report->alone.size() == 1);
    CHECK(run->report->alone[0].part == "attention");
    CHECK(run->stacks.front().summary);

    const std::uint64_t before = newest_save();
    workspace.write("04_attention.cpp", chapter_file("variants/no_scale.cpp"));
    CHECK(newest_save() != before);
    engine.use_parts("mine");
    engine.wait();
    run = engine.run();
    CHECK(run->report->first == "blocks.0.attn.scores");
    CHECK_FALSE(run->report->alone[0].equal);
    CHECK(run->logits.size() > 0);
}

TEST_CASE("engine: generation goes on with the learner's numbers") {
    const WorkspaceFixture workspace;
    workspace.write("04_attention.cpp", read_file(std::string(VITRINE_SOURCE_DIR) +
                                                      "/chapters/04_attention/solution.cpp",
                                                  1U << 20U));
    Sampling greedy;
    greedy.temperature = 0.0F;
    std::string texts[2];
    for (const bool mine : {false, true}) {
        Engine engine(load_with_tokenizer(bundled_model_folder()));
        engine.use_parts(mine ? "mine" : "fast");
        engine.request("The king said to his");
        engine.wait();
        for (int i = 0; i < 3; ++i) {
            engine.step(greedy);
            engine.wait();
        }
        CHECK(engine.run()->parts == (mine ? "mine" : "fast"));
        texts[mine ? 1 : 0] = engine.run()->text;
    }
    CHECK(texts[1] == texts[0]);
    CHECK(texts[1].size() > std::string("The king said to his").size());
}

TEST_CASE(
    "engine: a learner's crash, exception and wrong shape become words, and the app goes on") {
    struct Fault {
        const char *body, *word;
    };
    const Fault faults[] = {{"std::abort();", "crash"},
                            {"throw 7;", "exception"},
                            {"return zeros<3>({1, 1, 1});", "attention"},
                            {"this does not compile", "does not compile"}};
    const WorkspaceFixture workspace;
    Engine engine(load_with_tokenizer(bundled_model_folder()));
    engine.use_parts("mine");
    for (const Fault& fault : faults) {
        CAPTURE(fault.body);
        workspace.write("04_attention.cpp", attention_file(fault.body));
        engine.request("The king");
        engine.wait();
        const auto run = engine.run();
        REQUIRE(run);
        CHECK(run->parts_problem.find(fault.word) != std::string::npos);
        CHECK(run->logits.size() > 0);  // the library's stand in
        CHECK(run->stacks.front().summary);
    }
}

// Files that are dropped on the window.
#include <doctest/doctest.h>

#include "tests/viz/app/app_stage.h"
#include "viz/app/dropped_file.h"
#include "viz/other_models.h"

using namespace vitrine;
using namespace vitrine::viz;

TEST_CASE("app: a dropped picture goes to the model that reads it, another file to training") {
    const test::ModelOfWords clip("clip");
    Settings settings;
    settings.text = "w5 w6";
    AppStage stage({1440.0F, 900.0F}, settings, clip.path());
    stage.frames(3);
    REQUIRE(stage.app->problem() == "");
    stage.app->drop(test::picture_of_clip().string());
    stage.frames(3);
    CHECK(stage.app->stage().view == "pictures");
    CHECK(stage.app->stage().stack == "picture");
    REQUIRE(stage.app->engine()->run() != nullptr);
    CHECK(stage.app->engine()->run()->picture != nullptr);
    stage.app->drop((clip.path() / "config.json").string());
    CHECK(stage.app->stage().view == "training");
}

TEST_CASE("app: a dropped picture changes nothing for a model that reads none") {
    AppStage stage;
    stage.app->stage().view = "tokens";
    stage.frames(2);
    stage.app->drop(test::picture_of_clip().string());
    stage.frames(2);
    CHECK(stage.app->stage().view == "tokens");
    CHECK(stage.app->engine()->run()->picture == nullptr);
    CHECK(stage.app->problem() == "");
}

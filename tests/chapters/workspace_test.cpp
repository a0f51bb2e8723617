// start, reset, hints and progress: what happens to the learner's files.
#include "chapters/runner/workspace.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "io/json.h"
#include "tests/chapters/workspace_fixture.h"

using namespace vitrine;
using namespace vitrine::runner;
using vitrine::test::WorkspaceFixture;

TEST_CASE("start: puts the stub into the workspace, with files for editors, and never overwrites") {
    const WorkspaceFixture workspace;
    const Chapter chapter = find_chapter("04");
    CHECK(progress_of(chapter).state == ExerciseState::not_started);
    const auto file = start(chapter);
    CHECK(read_file(file, 1U << 20U) == read_file(chapter.folder / "exercise.cpp", 1U << 20U));
    CHECK(progress_of(chapter).state == ExerciseState::started);

    const auto commands = read_json(workspace.folder() / "compile_commands.json");
    REQUIRE(commands.size() == 1);
    CHECK(commands[0]["file"] == file.string());
    CHECK(commands[0]["arguments"].back() == file.string());
    const auto launch = read_json(workspace.folder() / ".vscode" / "launch.json");
    CHECK(launch["configurations"][0]["MIMode"] == "gdb");

    workspace.write("04_attention.cpp", "mine");
    CHECK_THROWS_AS(start(chapter), FileError);
    CHECK(read_file(file, 1U << 20U) == "mine");
}

TEST_CASE("reset: keeps every earlier file as a backup of its own") {
    const WorkspaceFixture workspace;
    const Chapter chapter = find_chapter("4");
    CHECK_THROWS_AS(reset(chapter), FileError);
    start(chapter);
    workspace.write("04_attention.cpp", "first");
    const auto first = reset(chapter);
    workspace.write("04_attention.cpp", "second");
    const auto second = reset(chapter);
    CHECK(first != second);
    CHECK(read_file(first, 1U << 20U) == "first");
    CHECK(read_file(second, 1U << 20U) == "second");
    CHECK(read_file(exercise_file(chapter), 1U << 20U) ==
          read_file(chapter.folder / "exercise.cpp", 1U << 20U));
}

TEST_CASE("progress: is kept by name, and a damaged file counts as empty") {
    const WorkspaceFixture workspace;
    const Chapter chapter = find_chapter("4");
    write_progress(chapter, {ExerciseState::passed, 3});
    CHECK(progress_of(chapter).state == ExerciseState::passed);
    CHECK(progress_of(chapter).hints == 3);
    CHECK(read_json(workspace.folder() / "progress.json").contains("04_attention"));

    // What another version of Vitrine wrote about chapters unknown here stays.
    workspace.write("progress.json", R"({"99_later": {"state": "passed", "hints": 1}})");
    write_progress(chapter, {ExerciseState::started, 1});
    CHECK(read_progress().at("99_later").state == ExerciseState::passed);

    for (const char* text : {"", "{", "[1]", R"({"04_attention": 5})",
                             R"({"04_attention": {"state": 7, "hints": "many"}})"}) {
        CAPTURE(text);
        workspace.write("progress.json", text);
        CHECK(progress_of(chapter).state == ExerciseState::not_started);
        CHECK(progress_of(chapter).hints == 0);
    }
}

TEST_CASE("find_chapter: by number, by padded number, by name; others are refused") {
    for (const char* name : {"4", "04", "04_attention"}) CHECK(find_chapter(name).number == 4);
    for (const char* name : {"", "44", "attention", "../04_attention"})
        CHECK_THROWS_AS(find_chapter(name), ArgumentError);
}

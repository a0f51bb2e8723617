#include "chapters/runner/file_watch.h"

#include <doctest/doctest.h>

#include <thread>

#include "tests/chapters/workspace_fixture.h"

using namespace std::chrono_literals;
using vitrine::runner::FileWatch;
using vitrine::test::WorkspaceFixture;

TEST_CASE("file watch: a file that is written or replaced is seen, another is not") {
    for (const FileWatch::By by : {FileWatch::By::kernel, FileWatch::By::time}) {
        CAPTURE(static_cast<int>(by));
        const WorkspaceFixture workspace;
        const auto file = workspace.write("mine.cpp", "one");
        FileWatch watch(file, by);
        CHECK_FALSE(watch.wait(20ms));
        std::this_thread::sleep_for(20ms);  // a file's time may have steps of 10 ms
        workspace.write("mine.cpp", "two");
        CHECK(watch.wait(5s));
        CHECK_FALSE(watch.wait(20ms));
        workspace.write("other.cpp", "three");
        CHECK_FALSE(watch.wait(200ms));
        std::filesystem::rename(workspace.folder() / "other.cpp", file);
        CHECK(watch.wait(5s));
        std::filesystem::remove(file);
        CHECK_FALSE(watch.wait(200ms));
        workspace.write("mine.cpp", "four");
        CHECK(watch.wait(5s));
    }
}

#ifdef __linux__
TEST_CASE("file watch: on Linux the kernel tells of a save, also one that keeps the file's time") {
    const WorkspaceFixture workspace;
    const auto file = workspace.write("mine.cpp", "one");
    const auto time = std::filesystem::last_write_time(file);
    FileWatch watch(file);
    workspace.write("mine.cpp", "two");
    std::filesystem::last_write_time(file, time);
    CHECK(watch.wait(5s));
}
#endif

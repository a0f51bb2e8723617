#include "viz/app/background.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>

#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::viz;

namespace {

std::shared_ptr<const int> whole(int value) {
    return std::make_shared<const int>(value);
}

}  // namespace

TEST_CASE("background: an answer comes once for each id, and the old one stays until then") {
    Background background;
    std::atomic<int> runs = 0;
    const auto ask = [&](std::uint64_t id) {
        return background.ask<int>("square", id, [&runs, id](const std::stop_token&) {
            ++runs;
            return whole(static_cast<int>(id * id));
        });
    };
    const Answer<int> first = ask(3);
    CHECK(first.busy);
    background.wait();
    REQUIRE(ask(3).value);
    CHECK(*ask(3).value == 9);
    CHECK(ask(3).id == 3);
    CHECK_FALSE(ask(3).busy);
    CHECK(runs == 1);
    CHECK(*ask(4).value == 9);  // of 3, until 4 is there
    background.wait();
    CHECK(*ask(4).value == 16);
    CHECK(runs == 2);
}

TEST_CASE("background: a newer request stops the older one of its key, and no other") {
    Background background;
    std::atomic<bool> started = false, stopped = false;
    const auto slow = [&](const std::stop_token& stop) -> std::shared_ptr<const int> {
        started = true;
        while (!stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        stopped = true;
        throw Stopped();
    };
    background.ask<int>("a", 1, slow);
    while (!started) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    background.ask<int>("b", 1, [](const std::stop_token&) { return whole(7); });
    background.ask<int>("a", 2, [](const std::stop_token&) { return whole(2); });
    background.wait();
    CHECK(stopped);
    CHECK(*background.ask<int>("a", 2, slow).value == 2);
    CHECK(*background.ask<int>("b", 1, slow).value == 7);
}

TEST_CASE("background: what went wrong is told, and the next request is answered") {
    Background background;
    const auto failing = [](const std::stop_token&) -> std::shared_ptr<const int> {
        throw std::runtime_error("out of paper");
    };
    background.ask<int>("a", 1, failing);
    background.wait();
    CHECK(background.ask<int>("a", 1, failing).problem == "out of paper");
    background.ask<int>("a", 2, [](const std::stop_token&) { return whole(1); });
    background.wait();
    const auto answer = background.ask<int>("a", 2, failing);
    CHECK(answer.problem.empty());
    CHECK(*answer.value == 1);
}

TEST_CASE("background: it ends while something is computed") {
    Background background;
    background.ask<int>("a", 1, [](const std::stop_token& stop) -> std::shared_ptr<const int> {
        while (!stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        throw Stopped();
    });
}

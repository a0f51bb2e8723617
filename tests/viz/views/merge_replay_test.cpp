#include "viz/views/merge_replay.h"

#include <doctest/doctest.h>

#include "viz/view_stage.h"

using namespace vitrine;
using namespace vitrine::viz;

TEST_CASE("merge replay: joins one pair at a time, word after word") {
    const MergeReplay replay({{{-1, 0, {"a", "b", "c"}}, {5, 1, {"a", "bc"}}, {9, 0, {"abc"}}},
                              {{-1, 0, {"x"}}},
                              {{-1, 0, {"y", "z"}}, {2, 0, {"yz"}}}});
    REQUIRE(replay.merges() == 3);
    const ReplayState start = replay.after(0);
    CHECK(start.pieces == std::vector<std::string>{"a", "b", "c", "x", "y", "z"});
    CHECK(start.joined == -1);
    const ReplayState one = replay.after(1);
    CHECK(one.pieces == std::vector<std::string>{"a", "bc", "x", "y", "z"});
    CHECK(one.joined == 1);
    CHECK(one.rank == 5);
    CHECK(one.left == "b");
    CHECK(one.right == "c");
    const ReplayState all = replay.after(3);
    CHECK(all.pieces == std::vector<std::string>{"abc", "x", "yz"});
    CHECK(all.groups == std::vector<int>{0, 1, 2});
    CHECK(all.joined == 2);
    CHECK(replay.end_of(0) == 2);
    CHECK(replay.end_of(2) == 3);
}

TEST_CASE("merge replay: a real text starts as bytes and ends as its tokens") {
    const auto model = bundled_model();
    const std::string text = "The princess 공주는 금반지를 받았어요.";
    const MergeReplay replay(model->tokenizer->merge_steps(text));
    REQUIRE(replay.merges() > 10);
    std::vector<std::string> bytes;
    for (const char byte : text) bytes.emplace_back(1, byte);
    CHECK(replay.after(0).pieces == bytes);
    std::vector<std::string> tokens;
    for (const int id : model->tokenizer->encode(text, false).ids) {
        tokens.push_back(model->tokenizer->bytes(id));
    }
    CHECK(replay.after(replay.merges()).pieces == tokens);
    for (Index count = 1; count <= replay.merges(); ++count) {
        const ReplayState state = replay.after(count);
        REQUIRE(state.pieces.size() == text.size() - static_cast<std::size_t>(count));
        CHECK(state.pieces[static_cast<std::size_t>(state.joined)] == state.left + state.right);
        CHECK(state.rank >= 0);
    }
}

#include "text/post_processor.h"

#include <doctest/doctest.h>

#include <string>

using namespace vitrine;

using Offsets = std::vector<std::array<Index, 2>>;

// The example in tokenizers' own tests (pre_tokenizers/byte_level.rs, processor_trims_offsets).
TEST_CASE("post-processor: ByteLevel leaves white space out of the offsets") {
    Encoding encoding;
    encoding.ids.assign(5, 0);
    encoding.type_ids.assign(5, 0);
    encoding.tokens = {"Ġ", "ĠĠĠĠHelloĠĠ", "ĠĠHello", "HelloĠĠ", "ĠĠĠĠ"};
    encoding.offsets = {{0, 1}, {0, 11}, {11, 18}, {18, 25}, {25, 29}};
    const Offsets expected{{0, 0}, {4, 9}, {13, 18}, {18, 23}, {29, 29}};
    const Encoding single = post_process(ByteLevelPostProcessor{true, true}, encoding, {}, true);
    CHECK(single.offsets == expected);
    const Encoding pair =
        post_process(ByteLevelPostProcessor{true, true}, encoding, encoding, true);
    CHECK(pair.offsets.size() == 10);
    CHECK(pair.offsets[6] == expected[1]);
    CHECK(pair.type_ids[4] == 0);
    CHECK(pair.type_ids[5] == 1);

    Encoding love;
    love.ids.assign(4, 0);
    love.tokens = {"Ġl", "ove", "Ġl", "ove"};
    love.offsets = {{0, 1}, {1, 4}, {0, 1}, {1, 4}};
    const Offsets kept = love.offsets;
    CHECK(post_process(ByteLevelPostProcessor{true, true}, love, {}, true).offsets == kept);
}

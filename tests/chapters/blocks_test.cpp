#include "chapters/08_blocks/blocks.h"

#include <doctest/doctest.h>

#include "parts/block_cases.h"

using namespace vitrine;

TEST_CASE("blocks: the clear ones hold the list, and make the transformer of 2017") {
    Parts parts = fast_parts();
    parts.encoder_block = chapters::encoder_block;
    parts.decoder_block = chapters::decoder_block;
    test::block_cases(parts);
    test::encoder_decoder_cases(parts);
}

TEST_CASE("masks: the clear causal mask is the library's") {
    for (const Index past : {0, 3}) {
        CHECK(chapters::causal_mask(4, 4 + past) == causal_bias(4, 4 + past));
    }
}

#include "nn/encoder_decoder.h"

#include <doctest/doctest.h>

#include "parts/block_cases.h"

using namespace vitrine;

TEST_CASE("encoder-decoder: the transformer of 2017 equals torch's") {
    test::encoder_decoder_cases(fast_parts());
}

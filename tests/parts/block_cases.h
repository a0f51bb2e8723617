// The test list of blocks: the fast and the clear implementation both run it.
#pragma once

#include <limits>

#include "chapters/runner/torch_block.h"
#include "golden.h"
#include "nn/encoder_decoder.h"

namespace vitrine::test {

/// Bound: float32 sums of 48 products, and norms, against float64; twice that for two blocks each.
inline void block_cases(const Parts& parts) {
    using runner::TorchBlock;
    const auto file_of = [](const std::string& name) {
        return TensorFile::open(fixture("parts/" + name + ".safetensors"));
    };
    const Tensor2 causal = causal_bias(7, 7);
    Tensor2 padding = zeros<2>({7, 7});
    for (Index t = 0; t < 7; ++t)
        padding(t, 5) = padding(t, 6) = -std::numeric_limits<Real>::infinity();
    for (const bool post : {false, true}) {
        for (const bool gelu : {false, true}) {
            const std::string name = std::string("encoder_block_") + (post ? "post_" : "pre_") +
                                     (gelu ? "gelu" : "relu");
            INFO(name);
            const TensorFile file = file_of(name);
            const Tensor2 x = golden<2>(file, "x");
            const BlockWeights weights =
                TorchBlock(file).encoder(post, gelu ? Activate::gelu_exact : Activate::relu);
            const auto run = [&](const Bias& bias) {
                return parts.encoder_block(parts, x, bias, weights, nullptr, nullptr);
            };
            CHECK(largest_difference(run({}), golden<2>(file, "output")) < 5e-5);
            CHECK(largest_difference(run(causal), golden<2>(file, "output_causal")) < 5e-5);
            CHECK(largest_difference(run(padding), golden<2>(file, "output_last_two_padded")) <
                  5e-5);
        }
        const TensorFile file =
            file_of(post ? "decoder_block_post_relu" : "decoder_block_pre_relu");
        Record record = Record::all();
        CHECK(largest_difference(
                  parts.decoder_block(parts, golden<2>(file, "x"), golden<2>(file, "memory"),
                                      causal, {}, TorchBlock(file).decoder(post), nullptr, &record),
                  golden<2>(file, "output")) < 5e-5);
        CHECK(record.cache().at("cross_attn.pattern").shape == std::vector<Index>{3, 7, 9});
        CHECK(record.cache().count("resid_cross") == 1);
    }
}

/// The whole transformer of 2017: two blocks of each kind.
inline void encoder_decoder_cases(const Parts& parts) {
    const TensorFile file = TensorFile::open(fixture("parts/encoder_decoder_2017.safetensors"));
    EncoderDecoderWeights weights;
    for (const std::string l : {"0", "1"}) {
        weights.encoder.push_back(
            runner::TorchBlock(file, "encoder.layers." + l + ".").encoder(true, Activate::relu));
        weights.decoder.push_back(
            runner::TorchBlock(file, "decoder.layers." + l + ".").decoder(true));
    }
    weights.encoder_norm = runner::TorchBlock(file, "encoder.").norm("norm");
    weights.decoder_norm = runner::TorchBlock(file, "decoder.").norm("norm");
    const Tensor2 memory = encode(parts, golden<2>(file, "source"), {}, weights);
    CHECK(largest_difference(memory, golden<2>(file, "memory")) < 1e-4);
    CHECK(largest_difference(decode(parts, golden<2>(file, "target"), memory, {}, weights),
                             golden<2>(file, "output")) < 1e-4);
}

}  // namespace vitrine::test

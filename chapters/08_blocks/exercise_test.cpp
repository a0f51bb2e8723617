// The cases of chapter 08. Golden tensors: torch in float64 (tests/fixtures/README.md); the masks
// are worked out by hand.
#include "chapters/08_blocks/exercise_test.h"

#include <algorithm>
#include <limits>

#include "chapters/runner/torch_block.h"
#include "nn/parts.h"

namespace vitrine::runner {

namespace {

using Encoder = Tensor2(const Parts&, Ref2, const Bias&, const BlockWeights&, KeyValues*, Record*);
using Decoder = Tensor2(const Parts&, Ref2, Ref2, const Bias&, const Bias&, const BlockWeights&,
                        KeyValues*, Record*);

constexpr double hidden = -std::numeric_limits<double>::infinity();

Case causal_case(const char* id, Index T, Index S, Values expected) {
    const auto run = [=](const Functions& functions) {
        return Values(functions.get<Tensor2(Index, Index)>("causal_mask")(T, S));
    };
    return {"causal_mask", id, run, std::move(expected), 0.0};
}

Case padding_case(const char* id, Index T, Index S, Index visible, Values expected) {
    const auto run = [=](const Functions& functions) {
        return Values(functions.get<Tensor2(Index, Index, Index)>("padding_mask")(T, S, visible));
    };
    return {"padding_mask", id, run, std::move(expected), 0.0};
}

enum class Mask { none, causal, last_two_padded };

/// Bound: float32 sums of 48 products, and norms, against float64.
Case encoder_case(const char* id, const std::filesystem::path& path, bool post_norm,
                  Activate activation, Mask kind) {
    const TensorFile file = TensorFile::open(path);
    const Tensor2 x = tensor_of<2>(file.at("x"));  // [7, 24]
    const BlockWeights weights = TorchBlock(file).encoder(post_norm, activation);
    Tensor2 mask = causal_bias(7, 7);
    if (kind == Mask::last_two_padded) {
        mask.fill(0);
        for (Index t = 0; t < 7; ++t) mask(t, 5) = mask(t, 6) = static_cast<Real>(hidden);
    }
    const char* output = kind == Mask::none     ? "output"
                         : kind == Mask::causal ? "output_causal"
                                                : "output_last_two_padded";
    const auto run = [=](const Functions& functions) {
        return Values(functions.get<Encoder>("encoder_block")(
            fast_parts(), x, kind == Mask::none ? Bias() : Bias(mask), weights, nullptr, nullptr));
    };
    return {"encoder_block", id, run, Values(file.at(output)), 5e-5};
}

/// A block reads its text token by token, with a cache: what comes out is what it makes of the
/// whole. The newest token sees all there is, so there is no mask.
/// @param step  the block on row t of x, [1, C]
template <class Step>
Values token_by_token(const Tensor2& x, Step step) {
    KeyValues past(3, 8);
    Tensor2 whole = uninitialized<2>({7, 24});
    for (Index t = 0; t < 7; ++t) {
        const Tensor2 row = step(rows(Ref2(x), t, t + 1), &past);
        check_shape("the block's result", row, {1, 24});
        std::copy(row.begin(), row.end(), whole.data() + t * 24);
    }
    return Values(whole);
}

Case encoder_with_cache(const char* id, const std::filesystem::path& path) {
    const TensorFile file = TensorFile::open(path);
    const Tensor2 x = tensor_of<2>(file.at("x"));
    const BlockWeights weights = TorchBlock(file).encoder(false, Activate::gelu_exact);
    const auto run = [=](const Functions& functions) {
        return token_by_token(x, [&](Ref2 row, KeyValues* past) {
            return functions.get<Encoder>("encoder_block")(fast_parts(), row, Bias(), weights, past,
                                                           nullptr);
        });
    };
    return {"encoder_block", id, run, Values(file.at("output_causal")), 5e-5};
}

Case decoder_with_cache(const char* id, const std::filesystem::path& path) {
    const TensorFile file = TensorFile::open(path);
    const Tensor2 x = tensor_of<2>(file.at("x")), memory = tensor_of<2>(file.at("memory"));
    const BlockWeights weights = TorchBlock(file).decoder(false);
    const auto run = [=](const Functions& functions) {
        return token_by_token(x, [&](Ref2 row, KeyValues* past) {
            return functions.get<Decoder>("decoder_block")(fast_parts(), row, memory, Bias(),
                                                           Bias(), weights, past, nullptr);
        });
    };
    return {"decoder_block", id, run, Values(file.at("output")), 5e-5};
}

Case decoder_case(const char* id, const std::filesystem::path& path, bool post_norm) {
    const TensorFile file = TensorFile::open(path);
    const Tensor2 x = tensor_of<2>(file.at("x")), memory = tensor_of<2>(file.at("memory"));
    const BlockWeights weights = TorchBlock(file).decoder(post_norm);
    const auto run = [=](const Functions& functions) {
        const Tensor2 mask = causal_bias(7, 7);
        return Values(functions.get<Decoder>("decoder_block")(fast_parts(), x, memory, mask, Bias(),
                                                              weights, nullptr, nullptr));
    };
    return {"decoder_block", id, run, Values(file.at("output")), 5e-5};
}

/// Two more rows of memory, hidden, and four more of the target, which the causal mask keeps from
/// the others: the first seven rows stay what they are without. As many keys as queries, so that
/// one who attends to the target itself gets other values and no other shape.
Case decoder_with_padded_memory(const char* id, const std::filesystem::path& path) {
    const TensorFile file = TensorFile::open(path);
    const Tensor2 x = tensor_of<2>(file.at("x")), memory = tensor_of<2>(file.at("memory"));
    Tensor2 longer = uninitialized<2>({11, 24}), padded = uninitialized<2>({11, 24});
    Tensor2 memory_mask = zeros<2>({11, 11});
    for (Index t = 0; t < 11; ++t) {
        for (Index c = 0; c < 24; ++c) {
            longer(t, c) = x(t % 7, c);
            padded(t, c) = t < 9 ? memory(t, c) : 3 * x(t - 9, c);
        }
        memory_mask(t, 9) = memory_mask(t, 10) = static_cast<Real>(hidden);
    }
    const BlockWeights weights = TorchBlock(file).decoder(false);
    const auto run = [=](const Functions& functions) {
        const Tensor2 mask = causal_bias(11, 11);
        const Tensor2 all = functions.get<Decoder>("decoder_block")(
            fast_parts(), longer, padded, mask, memory_mask, weights, nullptr, nullptr);
        check_shape("the block's result", all, {11, 24});
        return Values(rows(Ref2(all), 0, 7).copy());
    };
    return {"decoder_block", id, run, Values(file.at("output")), 5e-5};
}

}  // namespace

std::vector<Case> block_cases(const std::filesystem::path& golden) {
    std::vector<Case> cases;
    cases.push_back(causal_case("causal_square", 3, 3,
                                Values({3, 3}, {0, hidden, hidden, 0, 0, hidden, 0, 0, 0})));
    // Two queries that stand at positions 2 and 3.
    cases.push_back(
        causal_case("causal_with_a_past", 2, 4, Values({2, 4}, {0, 0, 0, hidden, 0, 0, 0, 0})));
    cases.push_back(padding_case("padding", 2, 3, 2, Values({2, 3}, {0, 0, hidden, 0, 0, hidden})));
    // More queries than text: they are rows, and no row is hidden as a whole.
    cases.push_back(padding_case("padding_square", 3, 3, 2,
                                 Values({3, 3}, {0, 0, hidden, 0, 0, hidden, 0, 0, hidden})));
    cases.push_back(padding_case("no_padding", 1, 2, 2, Values({1, 2}, {0, 0})));
    const auto pre = golden / "encoder_block_pre_gelu.safetensors";
    const auto post = golden / "encoder_block_post_relu.safetensors";
    cases.push_back(encoder_case("gpt", pre, false, Activate::gelu_exact, Mask::causal));
    cases.push_back(encoder_case("bert", post, true, Activate::relu, Mask::none));
    cases.push_back(encoder_case("padded", post, true, Activate::relu, Mask::last_two_padded));
    cases.push_back(encoder_with_cache("gpt_with_cache", pre));
    cases.push_back(
        decoder_case("decoder_pre", golden / "decoder_block_pre_relu.safetensors", false));
    cases.push_back(
        decoder_case("decoder_post", golden / "decoder_block_post_relu.safetensors", true));
    cases.push_back(
        decoder_with_cache("decoder_with_cache", golden / "decoder_block_pre_relu.safetensors"));
    cases.push_back(decoder_with_padded_memory("decoder_padded_memory",
                                               golden / "decoder_block_pre_relu.safetensors"));
    return cases;
}

}  // namespace vitrine::runner

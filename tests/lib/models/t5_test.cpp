#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "generate/generate.h"
#include "lib/models/family_golden.h"
#include "lib/models/model_folder.h"
#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::test;

namespace {

const char* const kinds[] = {"t5", "t5-v1_1"};

std::string folder_of(const char* kind) {
    return fixture(std::string("models/") + kind);
}

const EncoderDecoder& t5_of(const Model& model) {
    return *std::get<std::unique_ptr<EncoderDecoder>>(model);
}

/// The decoder of a model that has read a source.
std::unique_ptr<LanguageModel> after(const Model& model, const std::vector<int>& source,
                                     const std::vector<int>& mask = {}) {
    const TokenInput input{source, {}, mask};
    return t5_of(model).after(t5_of(model).encode({&input, 1})[0], mask);
}

}  // namespace

// Bounds: T5's scores are not scaled, so 6e-4 and 1.2e-4 (tests/fixtures/README.md).
TEST_CASE("T5 equals transformers: both stacks, cross-attention, logits; padded sources too") {
    for (const char* kind : kinds) {
        INFO(kind);
        const Model model = load_model(folder_of(kind));
        const TensorFile file = TensorFile::open(folder_of(kind) + "/golden.safetensors");
        for (Index b = 0; b < 2; ++b) {
            const auto source = ints_of(file, "input_ids", b);
            const auto mask = ints_of(file, "attention_mask", b);
            const auto target = ints_of(file, "decoder_input_ids", b);
            Record record = Record::all();
            const TokenInput input{source, {}, mask, &record};
            const auto decoder = t5_of(model).after(t5_of(model).encode({&input, 1})[0], mask);
            const Sequence sequence{target, nullptr, &record};
            decoder->forward({&sequence, 1}, Logits::all, fast_parts(), {});
            CHECK(compare_row(model, record.cache(), file, b, 6e-4, 1.2e-4) == outputs_in(file));
        }
    }
}

TEST_CASE("T5: greedy ids equal transformers', with a cache and without") {
    for (const char* kind : kinds) {
        INFO(kind);
        const Model model = load_model(folder_of(kind));
        const nlohmann::json expected = read_json(folder_of(kind) + "/generate.json");
        const auto ids = expected["greedy"].get<std::vector<int>>();
        const auto decoder = after(model, expected["prompt"].get<std::vector<int>>());
        Sampling greedy;
        greedy.temperature = 0;
        Generation generation(*decoder, {decoder->info().bos_id}, greedy);
        while (generation.ids().size() < ids.size()) generation.next();
        CHECK(generation.ids() == ids);

        std::vector<int> plain{decoder->info().bos_id};
        while (plain.size() < ids.size()) {
            const Sequence sequence{plain};
            const Tensor2 logits = decoder->forward({&sequence, 1}, Logits::last)[0];
            plain.push_back(
                static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin()));
        }
        CHECK(plain == ids);
    }
}

TEST_CASE("T5: with a cache, in pieces and in a batch, the logits are those of the whole") {
    const Model model = load_model(folder_of("t5-v1_1"));
    const auto decoder = after(model, {7, 20, 3, 9, 1});
    const std::vector<int> ids{0, 17, 23, 44, 9, 50, 31, 8};
    const Sequence whole{ids};
    const Tensor2 expected = decoder->forward({&whole, 1})[0];
    State first = decoder->new_state(), second = decoder->new_state();
    for (std::size_t at = 0; at < ids.size(); at += 2) {
        const auto part = std::span(ids).subspan(at, 2);
        const Sequence batch[] = {{part, &first}, {part, &second}};
        for (const Tensor2& logits : decoder->forward(batch)) {
            CHECK(largest_difference(logits,
                                     rows(Ref2(expected), Index(at), Index(at) + 2).copy()) < 1e-4);
        }
    }
    CHECK(first.length == 8);
    // The source is projected once; a fork of the state shares what came of it, a new start does
    // not.
    REQUIRE(first.layers[0].memory != nullptr);
    CHECK(first.layers[0].memory->length() == 5);
    State fork = first;
    CHECK(fork.layers[0].memory == first.layers[0].memory);
    fork.truncate(0);
    const auto other = after(model, {30, 4, 1});
    const Sequence anew{ids, &fork};
    const Tensor2 of_other = other->forward({&anew, 1})[0];
    CHECK(fork.layers[0].memory->length() == 3);
    CHECK(largest_difference(of_other, other->forward({&whole, 1})[0]) < 1e-4);
    const Sequence twice[] = {{ids, &first}, {ids, &first}};
    CHECK_THROWS_AS(decoder->forward(twice), ArgumentError);
}

// With a beam for each token of the vocabulary no prefix of one token is lost, so that two steps
// find the best of all pairs.
TEST_CASE("T5: beam search finds the likeliest pair of tokens") {
    for (const char* kind : kinds) {
        const Model model = load_model(folder_of(kind));
        const auto decoder = after(model, {7, 20, 3, 9, 1});
        const int start = decoder->info().bos_id, V = static_cast<int>(decoder->info().vocabulary);
        const auto log_probability = [&](const std::vector<int>& ids, int next) {
            const Sequence sequence{ids};
            const Tensor2 logits = decoder->forward({&sequence, 1}, Logits::last)[0];
            double sum = 0;
            for (const Real logit : logits) sum += std::exp(double(logit));
            return double(logits(0, std::size_t(next))) - std::log(sum);
        };
        GenerateOptions options;
        options.beams = V;
        options.max_new_tokens = 2;
        options.ignore_eos = true;
        const Beam best = beam_search(*decoder, {start}, options).front();
        REQUIRE(best.ids.size() == 3);
        const double found = log_probability({start}, best.ids[1]) +
                             log_probability({start, best.ids[1]}, best.ids[2]);
        CHECK(found == doctest::Approx(2 * best.score).epsilon(1e-4));
        for (int a = 0; a < V; ++a) {
            const std::vector<int> ids{start, a};
            const Sequence two{ids};
            const Tensor2 logits = decoder->forward({&two, 1}, Logits::last)[0];
            const int b =
                static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin());
            CHECK(log_probability({start}, a) + log_probability(ids, b) < found + 1e-4);
        }
    }
}

TEST_CASE("T5 files: a table of its own for the logits counts, and is then not scaled") {
    ModelFolder folder(folder_of("t5"));
    const auto tied = outputs_of(folder.load());
    folder.config.erase("scale_decoder_outputs");
    CHECK(largest_difference(outputs_of(folder.load()), tied) == 0);  // tied: scaled, as in 2020
    folder.tensors["lm_head.weight"] = folder.tensors["shared.weight"];
    folder.config["tie_word_embeddings"] = false;
    std::vector<float> larger = tied;
    for (float& value : larger) value *= std::sqrt(32.0F);
    CHECK(largest_difference(outputs_of(folder.load()), larger) < 1e-3);
    folder.tensors.erase("lm_head.weight");
    CHECK_THROWS_WITH_AS(folder.load(), doctest::Contains("lm_head.weight"), FileError);
}

TEST_CASE("T5 files: what config.json may not say is refused with its key") {
    const auto refused = [](const char* key, const nlohmann::json& value, const char* words) {
        INFO(key);
        ModelFolder folder(folder_of("t5"));
        folder.config[key] = value;
        CHECK_THROWS_WITH_AS(folder.load(), doctest::Contains(words), FileError);
    };
    refused("feed_forward_proj", "gated-sine", "feed_forward_proj");
    refused("feed_forward_proj", "gated-gelu", "wi_1.weight");
    refused("relative_attention_max_distance", 4, "relative_attention_max_distance");
    refused("relative_attention_num_buckets", 16, "relative_attention_num_buckets");
    refused("num_decoder_layers", 3, "decoder.block.2.");
    refused("d_kv", 9, "d_kv");
}

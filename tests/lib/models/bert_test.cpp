#include <doctest/doctest.h>

#include "lib/models/family_golden.h"
#include "lib/models/model_folder.h"
#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::test;

namespace {

const std::string bert = fixture("models/bert");

struct Row {
    std::vector<int> ids, types, mask;
    Row(const TensorFile& file, Index b)
        : ids(ints_of(file, "input_ids", b)),
          types(ints_of(file, "token_type_ids", b)),
          mask(ints_of(file, "attention_mask", b)) {}
    TokenInput input(Record* record = nullptr) const { return {ids, types, mask, record}; }
};

const Encoder& encoder_of(const Model& model) {
    return *std::get<std::unique_ptr<Encoder>>(model);
}

}  // namespace

// Bounds: tests/fixtures/README.md.
TEST_CASE("BERT and RoBERTa equal transformers: hidden states, attention, every head; padded too") {
    for (const char* name : {"bert", "bert-classifier", "roberta"}) {
        INFO(name);
        const std::string folder = fixture(std::string("models/") + name);
        const Model model = load_model(folder);
        const TensorFile file = TensorFile::open(folder + "/golden.safetensors");
        for (Index b = 0; b < 2; ++b) {
            const Row row(file, b);
            Record record = Record::all();
            const TokenInput input = row.input(&record);
            encoder_of(model).forward({&input, 1});
            CHECK(compare_row(model, record.cache(), file, b, 1e-4, 2e-5) == outputs_in(file));
        }
    }
}

TEST_CASE("BERT: the heads on their own say what the record says; what is not there is refused") {
    const Model model = load_model(bert);
    const Encoder& encoder = encoder_of(model);
    const TensorFile file = TensorFile::open(bert + "/golden.safetensors");
    const Row row(file, 0);
    const TokenInput input = row.input();
    const Tensor2 hidden = encoder.forward({&input, 1})[0];
    CHECK(largest_difference(encoder.word_logits(hidden),
                             Ref3(golden<3>(file, "mlm_logits"))[0].copy()) < 1e-4);
    CHECK(largest_difference(encoder.pooled(hidden),
                             Ref2(golden<2>(file, "pooler_output"))[0].copy()) < 1e-4);
    CHECK(largest_difference(encoder.next_sentence_logits(hidden),
                             Ref2(golden<2>(file, "nsp_logits"))[0].copy()) < 1e-4);
    CHECK_THROWS_WITH_AS(encoder.class_logits(hidden), doctest::Contains("classifier"),
                         ArgumentError);
}

// Bound: the products of a batch and of one text may sum in another order.
TEST_CASE("BERT: texts of one batch, of any length, give what each gives alone") {
    for (const char* name : {"bert", "roberta"}) {
        const Model model = load_model(fixture(std::string("models/") + name));
        const std::vector<int> a{2, 7, 9, 3}, b{2, 20}, c{2, 5, 6, 7, 8, 9, 10, 11, 3};
        const std::vector<int> visible(4, 1);  // a mask that hides nothing
        const TokenInput batch[] = {{a, {}, visible}, {b}, {c}};
        const auto together = encoder_of(model).forward(batch);
        for (std::size_t i = 0; i < 3; ++i) {
            Record record = Record::of({"none"});  // goes the other way, one by one
            TokenInput alone = batch[i];
            alone.record = &record;
            CHECK(largest_difference(together[i], encoder_of(model).forward({&alone, 1})[0]) <
                  1e-5);
        }
    }
}

TEST_CASE("BERT: the labels of a classifier are those of config.json, in order") {
    const std::string folder = fixture("models/bert-classifier");
    CHECK(encoder_of(load_model(folder)).weights().labels ==
          std::vector<std::string>{"entailment", "neutral", "contradiction"});
    ModelFolder unnamed(folder);
    unnamed.config.erase("id2label");
    unnamed.config["num_labels"] = 3;
    CHECK(encoder_of(unnamed.load()).weights().labels[2] == "LABEL_2");
}

TEST_CASE("BERT files: old names of norms, and every prefix that tensors have had") {
    const auto expected = outputs_of(load_model(bert));
    ModelFolder old(bert);
    old.rename_ending("LayerNorm.weight", "LayerNorm.gamma");
    old.rename_ending("LayerNorm.bias", "LayerNorm.beta");
    CHECK(largest_difference(outputs_of(old.load()), expected) == 0);
    for (const char* prefix : {"", "roberta.", "model.", "transformer."}) {
        ModelFolder folder(bert);
        folder.rename_prefix("bert.", prefix);
        CHECK(largest_difference(outputs_of(folder.load()), expected) == 0);
    }
}

TEST_CASE("RoBERTa: positions start behind the padding id, and padding stands at its own") {
    const Model model = load_model(fixture("models/roberta"));
    CHECK(info_of(model).max_positions == 48);  // of 50 rows, 0 and 1 are not for text
    const std::vector<int> ids{0, 7, 1, 9, 2};  // 1: padding, in the middle
    Record record = Record::of({"pos_embed"});
    const TokenInput input{ids, {}, {}, &record};
    encoder_of(model).forward({&input, 1});
    const Tensor2 positions = kept<2>(record.cache(), "pos_embed");
    const Tensor2 table = encoder_of(model).weights().positions.values();
    const Index expected[] = {2, 3, 1, 4, 5};
    for (Index t = 0; t < 5; ++t) {
        CHECK(Ref2(positions)[t].copy() == Ref2(table)[expected[t]].copy());
    }
}

TEST_CASE("BERT: inputs that don't fit are refused by name") {
    const Model model = load_model(bert);
    const auto refused = [&](const TokenInput& input, const char* words) {
        CHECK_THROWS_WITH_AS(encoder_of(model).forward({&input, 1}), doctest::Contains(words),
                             ArgumentError);
    };
    const std::vector<int> ids{2, 7, 3}, long_ids(49, 5), wrong_id{28}, types{0, 1, 2}, two{1, 1};
    refused({}, "at least one token id");
    refused({long_ids}, "at most 48 positions, got 49");
    refused({wrong_id}, "a number from 0 to 27, got 28");
    refused({ids, types}, "numbers from 0 to 1, got 2");
    refused({ids, two}, "type_ids");
    refused({ids, {}, two}, "mask");
    std::stop_source stop;
    stop.request_stop();
    const TokenInput input{ids};
    CHECK_THROWS_AS(encoder_of(model).forward({&input, 1}, fast_parts(), stop.get_token()),
                    Stopped);
}

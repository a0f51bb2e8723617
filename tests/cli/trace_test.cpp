#include <doctest/doctest.h>

#include "cli/run_program.h"
#include "golden.h"
#include "io/safetensors.h"
#include "scratch_folder.h"

using namespace vitrine;
using namespace vitrine::test;

namespace {

const std::string gpt2 = fixture("models/gpt2");

using Matrix64 = std::vector<std::int64_t>;

Finished trace(const ScratchFolder& scratch, std::vector<std::string> more = {},
               const std::string& model = gpt2) {
    std::vector<std::string> arguments{"trace",
                                       "--model",
                                       model,
                                       "--inputs",
                                       scratch / "in.safetensors",
                                       "--out",
                                       scratch / "out.safetensors"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_vitrine(arguments);
}

void check_failure(const Finished& run, int status, const std::string& part) {
    INFO(run.error);
    CHECK(run.status == status);
    CHECK(std::count(run.error.begin(), run.error.end(), '\n') == 1);
    CHECK(run.error.find(part) != std::string::npos);
}

double difference(const StoredTensor& a, const StoredTensor& b) {
    if (a.shape != b.shape) return INFINITY;
    const std::vector<float> x = a.floats(), y = b.floats();
    double largest = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        largest = std::max(largest, std::abs(double(x[i]) - double(y[i])));
    }
    return largest;
}

}  // namespace

// Bounds: tests/fixtures/README.md.
TEST_CASE("vitrine trace equals transformers: hidden states, attentions, logits") {
    for (const std::string model :
         {"gpt2", "vitrine-small", "stories260k", "llama", "llama3", "qwen2", "mistral"}) {
        INFO(model);
        const ScratchFolder scratch;
        const TensorFile golden =
            TensorFile::open(fixture("models/" + model + "/golden.safetensors"));
        const StoredTensor& ids = golden.at("input_ids");
        write_safetensors(scratch / "in.safetensors",
                          {{"input_ids", to_write(ids.integers(), ids.shape)}});
        const std::string bundled = std::string(VITRINE_SOURCE_DIR) + "/assets/models/" + model;
        const std::string folder =
            std::filesystem::exists(bundled) ? bundled : fixture("models/" + model);
        const Finished run = trace(scratch, {}, folder);
        REQUIRE_MESSAGE(run.status == 0, run.error);
        const TensorFile out = TensorFile::open(scratch / "out.safetensors");
        std::size_t compared = 0;
        for (const auto& [name, expected] : golden.tensors()) {
            if (name == "input_ids" || name == "loss") continue;
            const auto& label = name;  // clang 14 captures no bindings
            INFO(label);
            const double bound = name.rfind("attentions", 0) == 0 ? 2e-5 : 1e-4;
            CHECK(difference(out.at(name), expected) < bound);
            ++compared;
        }
        CHECK(out.tensors().size() == compared);  // and nothing that was not asked for
    }
}

TEST_CASE("vitrine trace: padded rows equal unpadded runs, hidden positions are zeros") {
    const ScratchFolder scratch;
    // one text unpadded, padded left, padded right, with a hole; and a row hidden throughout
    const Matrix64 ids{5, 17, 230, 0, 0,  0, 0,   5, 17, 230, 5, 17, 230,
                       7, 7,  5,   9, 17, 9, 230, 3, 3,  3,   3, 3};
    const Matrix64 mask{1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0};
    const std::vector<Index> columns[] = {{0, 1, 2}, {2, 3, 4}, {0, 1, 2}, {0, 2, 4}, {}};
    write_safetensors(scratch / "in.safetensors", {{"input_ids", to_write(ids, {5, 5})},
                                                   {"attention_mask", to_write(mask, {5, 5})}});
    REQUIRE(trace(scratch, {"--names", "blocks.1.attn.q"}).status == 0);
    const TensorFile padded_file = TensorFile::open(scratch / "out.safetensors");
    const Tensor3 logits = golden<3>(padded_file, "logits");            // [B, T, V]
    const Tensor4 pattern = golden<4>(padded_file, "attentions.2");     // [B, H, T, T]
    const Tensor4 queries = golden<4>(padded_file, "blocks.1.attn.q");  // [B, H, T, D]

    const ScratchFolder alone;
    write_safetensors(alone / "in.safetensors",
                      {{"input_ids", to_write(Matrix64{5, 17, 230}, {1, 3})}});
    REQUIRE(trace(alone, {"--names", "blocks.1.attn.q"}).status == 0);
    const TensorFile file = TensorFile::open(alone / "out.safetensors");
    const Tensor3 logits_alone = golden<3>(file, "logits");
    const Tensor4 pattern_alone = golden<4>(file, "attentions.2");
    const Tensor4 queries_alone = golden<4>(file, "blocks.1.attn.q");

    Tensor3 expected_logits = zeros<3>(shape_of(logits));
    Tensor4 expected_pattern = zeros<4>(shape_of(pattern));
    Tensor4 expected_queries = zeros<4>(shape_of(queries));
    for (std::size_t b = 0; b < 5; ++b) {
        for (std::size_t i = 0; i < columns[b].size(); ++i) {
            const Index t = columns[b][i];
            for (std::size_t v = 0; v < logits.shape()[2]; ++v) {
                expected_logits(b, t, v) = logits_alone(0, i, v);
            }
            for (std::size_t h = 0; h < pattern.shape()[1]; ++h) {
                for (std::size_t j = 0; j < columns[b].size(); ++j) {
                    expected_pattern(b, h, t, columns[b][j]) = pattern_alone(0, h, i, j);
                }
                for (std::size_t d = 0; d < queries.shape()[3]; ++d) {
                    expected_queries(b, h, t, d) = queries_alone(0, h, i, d);
                }
            }
        }
    }
    CHECK(largest_difference(logits, expected_logits) == 0);
    CHECK(largest_difference(pattern, expected_pattern) == 0);
    CHECK(largest_difference(queries, expected_queries) == 0);
}

TEST_CASE("vitrine trace: rows that are all hidden give zeros of the right shapes") {
    const ScratchFolder scratch;
    write_safetensors(scratch / "in.safetensors",
                      {{"input_ids", to_write(Matrix64{1, 2, 3, 4}, {2, 2})},
                       {"attention_mask", to_write(Matrix64{0, 0, 0, 0}, {2, 2})}});
    REQUIRE(trace(scratch).status == 0);
    const TensorFile out = TensorFile::open(scratch / "out.safetensors");
    CHECK(largest_difference(golden<3>(out, "logits"), zeros<3>({2, 2, 640})) == 0);
    CHECK(largest_difference(golden<4>(out, "attentions.0"), zeros<4>({2, 4, 2, 2})) == 0);
}

TEST_CASE("vitrine trace: --all and --names add activations by name") {
    const ScratchFolder scratch;
    write_safetensors(scratch / "in.safetensors",
                      {{"input_ids", to_write(Matrix64{1, 2, 3}, {1, 3})}});
    REQUIRE(trace(scratch, {"--all"}).status == 0);
    const TensorFile all = TensorFile::open(scratch / "out.safetensors");
    // logits once, 4 hidden states, 3 attentions; 3 x 15 of the blocks, embed, pos_embed, ln_final
    CHECK(all.tensors().size() == 1 + 4 + 3 + 3 * 15 + 3);
    CHECK(all.at("blocks.2.attn.k").shape == std::vector<Index>{1, 4, 3, 12});
    CHECK(all.at("blocks.2.mlp_post").shape == std::vector<Index>{1, 3, 192});
    CHECK(difference(all.at("blocks.1.attn.pattern"), all.at("attentions.1")) == 0);
    CHECK(difference(all.at("blocks.1.resid_pre"), all.at("hidden_states.1")) == 0);
    CHECK(difference(all.at("ln_final"), all.at("hidden_states.3")) == 0);

    REQUIRE(trace(scratch, {"--names", "blocks.*.attn.z,embed"}).status == 0);
    const TensorFile some = TensorFile::open(scratch / "out.safetensors");
    CHECK(some.tensors().size() == 1 + 4 + 3 + 3 + 1);
    CHECK(difference(some.at("blocks.0.attn.z"), all.at("blocks.0.attn.z")) == 0);
}

TEST_CASE("vitrine trace: what is wrong is one line, and no file is written") {
    const ScratchFolder scratch;
    const auto inputs = [&](const std::map<std::string, TensorToWrite>& tensors) {
        write_safetensors(scratch / "in.safetensors", tensors);
    };
    check_failure(trace(scratch), 1, "in.safetensors");
    inputs({{"ids", to_write(Matrix64{1}, {1, 1})}});
    check_failure(trace(scratch), 1, "input_ids");
    inputs({{"input_ids", to_write(Matrix64{1, 2}, {2})}});
    check_failure(trace(scratch), 1, "[B, T]");
    inputs({{"input_ids", to_write(std::vector<float>{1, 2}, {1, 2})}});
    check_failure(trace(scratch), 1, "input_ids");
    inputs({{"input_ids", to_write(Matrix64{}, {1, 0})}});
    check_failure(trace(scratch), 1, "at least one token");
    inputs({{"input_ids", to_write(Matrix64{1, 640}, {1, 2})}});
    check_failure(trace(scratch), 1, "id at position 1: expected a number from 0 to 639, got 640");
    inputs({{"input_ids", to_write(Matrix64{1, -1}, {1, 2})}});
    check_failure(trace(scratch), 1, "-1");
    inputs({{"input_ids", to_write(Matrix64(65, 1), {1, 65})}});
    check_failure(trace(scratch), 1, "at most 64 positions, got 65");
    inputs({{"input_ids", to_write(Matrix64{1, 2}, {1, 2})},
            {"attention_mask", to_write(Matrix64{1}, {1, 1})}});
    check_failure(trace(scratch), 1, "attention_mask");
    inputs({{"input_ids", to_write(Matrix64{1, 2}, {1, 2})}});
    check_failure(trace(scratch, {"--names", "embed,blocks.7.attn.q"}), 1, "blocks.7.attn.q");
    check_failure(trace(scratch, {"--parts", "slow"}), 2, "--parts");
    check_failure(run_vitrine({"trace", "--out", scratch / "out.safetensors"}), 2, "--inputs");
    CHECK_FALSE(std::filesystem::exists(scratch / "out.safetensors"));
}

// Bounds: tests/fixtures/README.md; T5's scores are not scaled.
TEST_CASE("vitrine trace equals transformers for every kind of model, from the golden's inputs") {
    for (const std::string model :
         {"bert", "bert-classifier", "roberta", "t5", "t5-v1_1", "mamba", "clip"}) {
        INFO(model);
        const ScratchFolder scratch;
        const std::string folder = fixture("models/" + model);
        const TensorFile golden = TensorFile::open(folder + "/golden.safetensors");
        const Finished run =
            run_vitrine({"trace", "--model", folder, "--inputs", folder + "/golden.safetensors",
                         "--out", scratch / "out.safetensors"});
        REQUIRE_MESSAGE(run.status == 0, run.error);
        const TensorFile out = TensorFile::open(scratch / "out.safetensors");
        const double factor = model[0] == 't' ? 6 : 1;
        for (const auto& [name, expected] : golden.tensors()) {
            const auto& label = name;  // clang 14 captures no bindings
            INFO(label);
            if (name == "pixel_values" || expected.dtype == DType::int64) continue;
            const bool is_attention = name.find("attentions") != std::string::npos;
            CHECK(difference(out.at(name), expected) < factor * (is_attention ? 2e-5 : 1e-4));
        }
    }
}

namespace {

/// A copy of a fixture's model with a tokenizer that splits at spaces: "a b ..." are ids 5, 6 ...
void copy_with_tokenizer(const std::string& model, const ScratchFolder& to) {
    std::filesystem::copy(fixture("models/" + model), to / "model");
    to.write("model/tokenizer.json",
             R"({"added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "Whitespace"},
                 "post_processor": null, "decoder": null,
                 "model": {"type": "WordPiece", "unk_token": "u",
                           "continuing_subword_prefix": "##", "max_input_chars_per_word": 9,
                           "vocab": {"u": 0, "v": 1, "w": 2, "x": 3, "y": 4, "a": 5, "b": 6, "c": 7, "d": 8}}})");
}

}  // namespace

TEST_CASE("vitrine trace: texts, pairs, what a decoder writes, and pictures") {
    const auto shape = [](const TensorFile& file, const char* name) { return file.at(name).shape; };
    {
        const ScratchFolder scratch;
        const std::string folder = fixture("models/sentence-bert");  // has its tokenizer
        const auto run = [&](std::vector<std::string> more) {
            std::vector<std::string> all{
                "trace",   "--model",   folder, "--out", scratch / "out.safetensors",
                "--names", "type_embed"};
            all.insert(all.end(), more.begin(), more.end());
            const Finished finished = run_vitrine(all);
            REQUIRE_MESSAGE(finished.status == 0, finished.error);
            return TensorFile::open(scratch / "out.safetensors");
        };
        const TensorFile one = run({"--text", "안녕하세요"});
        const Index T = shape(one, "hidden_states.2")[1];
        const TensorFile two = run({"--text", "안녕하세요", "--pair", "안녕하세요"});
        CHECK(shape(two, "hidden_states.2")[1] == 2 * T - 1);  // one [CLS], two [SEP]
        const Tensor3 types = golden<3>(two, "type_embed");
        CHECK(types(0, 0, 0) == types(0, T - 1, 0));
        CHECK(types(0, 0, 0) != types(0, T, 0));
    }
    {
        const ScratchFolder scratch;
        copy_with_tokenizer("t5", scratch);
        REQUIRE(run_vitrine({"trace", "--model", scratch / "model", "--text", "a b c",
                             "--decoder-text", "d a", "--out", scratch / "out.safetensors"})
                    .status == 0);
        write_safetensors(scratch / "in.safetensors",
                          {{"input_ids", to_write(Matrix64{5, 6, 7}, {1, 3})},
                           {"decoder_input_ids", to_write(Matrix64{0, 8, 5}, {1, 3})}});
        REQUIRE(run_vitrine({"trace", "--model", scratch / "model", "--inputs",
                             scratch / "in.safetensors", "--out", scratch / "same.safetensors"})
                    .status == 0);
        const TensorFile out = TensorFile::open(scratch / "out.safetensors");
        CHECK(difference(out.at("logits"),
                         TensorFile::open(scratch / "same.safetensors").at("logits")) == 0);
        CHECK(shape(out, "cross_attentions.1") == std::vector<Index>{1, 4, 3, 3});
    }
    {
        const ScratchFolder scratch;  // as KLUE has it: WordPiece, and RoBERTa's single type
        copy_with_tokenizer("roberta", scratch);
        REQUIRE(run_vitrine({"trace", "--model", scratch / "model", "--text", "a b", "--pair", "c",
                             "--out", scratch / "out.safetensors"})
                    .status == 0);
        CHECK(shape(TensorFile::open(scratch / "out.safetensors"), "logits") ==
              std::vector<Index>{1, 3, 29});
    }
    {
        const ScratchFolder scratch;
        copy_with_tokenizer("clip", scratch);
        REQUIRE(run_vitrine({"trace", "--model", scratch / "model", "--text", "a b", "--image",
                             scratch / "model/image.png", "--out", scratch / "out.safetensors"})
                    .status == 0);
        const TensorFile out = TensorFile::open(scratch / "out.safetensors");
        CHECK(shape(out, "logits_per_image") == std::vector<Index>{1, 1});
        CHECK(shape(out, "vision_attentions.0") == std::vector<Index>{1, 4, 17, 17});
        REQUIRE(run_vitrine({"trace", "--model", scratch / "model", "--image",
                             scratch / "model/image.png", "--out", scratch / "out.safetensors"})
                    .status == 0);
        CHECK_FALSE(TensorFile::open(scratch / "out.safetensors").contains("text_embeds"));
    }
}

TEST_CASE("vitrine trace: an input that the model does not take is refused") {
    const ScratchFolder scratch;
    const auto refused = [&](std::vector<std::string> arguments, int status, const char* words) {
        arguments.insert(arguments.begin(), {"trace", "--out", scratch / "out.safetensors"});
        check_failure(run_vitrine(arguments), status, words);
    };
    const std::string picture = fixture("models/clip/image.png");
    refused({"--text", "a", "--image", picture}, 1, "--image");
    refused({"--text", "a", "--decoder-text", "b"}, 1, "--decoder-text");
    refused({"--pair", "b"}, 2, "--text");
    refused({"--text", "a", "--inputs", "in.safetensors"}, 2, "--inputs");
}

// GPT-2 from folders of every kind, and folders that don't fit together.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "lib/models/model_folder.h"
#include "models/gpt2.h"
#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::test;
using nlohmann::json;

namespace {

const std::string original = fixture("models/gpt2");
const std::vector<int> some_ids{5, 17, 230, 44, 9, 600, 31, 8};

struct GPT2Folder : ModelFolder {
    explicit GPT2Folder(DType dtype = DType::float32) : ModelFolder(original, dtype) {}
    std::unique_ptr<LanguageModel> load() const { return load_language_model(save()); }
};

Tensor2 logits_of(const LanguageModel& model) {
    const Sequence sequence{some_ids};
    return model.forward({&sequence, 1})[0];
}

Tensor2 expected_logits() {
    return logits_of(*load_language_model(original));
}

void check_refused(const GPT2Folder& folder, const std::string& message) {
    INFO(message);
    CHECK_THROWS_WITH_AS(folder.load(), doctest::Contains(message.c_str()), FileError);
}

}  // namespace

TEST_CASE("GPT-2 files: names with and without \"transformer.\", and an lm_head beside them") {
    GPT2Folder folder;
    const bool prefixed = folder.tensors.count("transformer.wte.weight") != 0;
    if (prefixed) {
        folder.rename_prefix("transformer.", "");
    } else {
        folder.rename_prefix("", "transformer.");
    }
    folder.tensors["lm_head.weight"] =
        folder.tensors[prefixed ? "wte.weight" : "transformer.wte.weight"];
    CHECK(largest_difference(logits_of(*folder.load()), expected_logits()) == 0);
}

TEST_CASE("GPT-2 files: the old and the new names in config.json") {
    GPT2Folder folder;
    const std::pair<const char*, const char*> names[] = {
        {"n_embd", "hidden_size"},
        {"n_head", "num_attention_heads"},
        {"n_layer", "num_hidden_layers"},
        {"n_positions", "max_position_embeddings"}};
    for (const auto& [old_name, new_name] : names) {
        folder.config[new_name] = folder.config[old_name];
        folder.config.erase(old_name);
    }
    folder.config["n_inner"] = 4 * 48;
    CHECK(largest_difference(logits_of(*folder.load()), expected_logits()) == 0);
}

TEST_CASE("GPT-2 files: shards give what one file gives") {
    const GPT2Folder folder;
    folder.save_shards();
    CHECK(largest_difference(logits_of(*folder.load()), expected_logits()) == 0);
}

// Bound: the same rounded weights either way; only the order of sums may differ.
TEST_CASE("GPT-2 files: 16-bit weights give what the same numbers in float32 give") {
    for (const DType dtype : {DType::float16, DType::bfloat16}) {
        const GPT2Folder stored(dtype);
        GPT2Folder widened(dtype);
        const auto model = stored.load();
        CHECK(model->info().dtype == dtype_name(dtype));
        CHECK(model->info().weight_bytes == std::size_t(model->info().parameters) * 2);
        const TensorFile file = TensorFile::open(stored.path());
        for (const auto& [name, tensor] : file.tensors()) {
            widened.tensors[name] = to_write(tensor.floats(), tensor.shape);
        }
        const auto wide_model = widened.load();
        CHECK(largest_difference(logits_of(*model), logits_of(*wide_model)) < 2e-5);
        const std::vector<int> few{5, 17};  // the kernel for few rows
        const Sequence sequence{few};
        CHECK(largest_difference(model->forward({&sequence, 1})[0],
                                 wide_model->forward({&sequence, 1})[0]) < 2e-5);
    }
}

TEST_CASE("GPT-2 files: attention scaled by the layer divides the scores of layer l by l + 1") {
    GPT2Folder folder;
    folder.config["scale_attn_by_inverse_layer_idx"] = true;
    const auto scaled = folder.load();
    const auto plain = load_language_model(original);
    const auto& a = static_cast<const Decoder&>(*plain).weights().blocks;
    const auto& b = static_cast<const Decoder&>(*scaled).weights().blocks;
    for (std::size_t l = 0; l < a.size(); ++l) {
        CHECK(b[l].attn.scale == doctest::Approx(a[l].attn.scale / float(l + 1)));
    }
}

TEST_CASE("GPT-2 files: a special token outside the vocabulary is none") {
    GPT2Folder folder;
    folder.config["bos_token_id"] = folder.config["eos_token_id"] = 50256;
    CHECK(folder.load()->info().bos_id == -1);
    CHECK(folder.load()->info().eos_id == -1);
}

TEST_CASE("GPT-2 files: what is missing or misshapen is named, with the key that asks for it") {
    {
        GPT2Folder folder;
        folder.config["n_inner"] = 100;
        check_refused(folder, "mlp.c_fc.weight\": expected [48, 100], got [48, 192]");
        check_refused(folder, "n_inner");
    }
    {
        GPT2Folder folder;
        folder.config["n_layer"] = 4;
        check_refused(folder, "h.3.");
        check_refused(folder, "no such tensor");
    }
    {
        GPT2Folder folder;
        folder.config["vocab_size"] = 641;
        check_refused(folder, "wte.weight\": expected [641, 48], got [640, 48]");
        check_refused(folder, "vocab_size");
    }
    {
        GPT2Folder folder;
        for (auto& [name, tensor] : folder.tensors) {
            if (name.find("ln_f.weight") != std::string::npos) {
                tensor = to_write(std::vector<std::int64_t>(48), {48});
            }
        }
        check_refused(folder, "int64");
    }
}

TEST_CASE("GPT-2 files: sizes that make no sense are refused") {
    const auto refused = [](const char* key, const json& value, const char* message) {
        GPT2Folder folder;
        folder.config[key] = value;
        check_refused(folder, message);
    };
    refused("n_head", 5, "a multiple of n_head = 5");
    refused("n_head", 0, "n_head");
    refused("n_embd", -48, "n_embd");
    refused("n_embd", 1LL << 62U, "n_embd");
    refused("n_layer", 1 << 30U, "n_layer");
    refused("n_positions", "many", "n_positions");
    refused("activation_function", "tanhshrink", "activation_function");
    refused("model_type", "gpt5",
            "one of bert, clip, gpt2, llama, mamba, mistral, mt5, qwen2, roberta, t5, xlm-roberta, "
            "got \"gpt5\"");
    refused("add_cross_attention", true, "add_cross_attention");
    refused("tie_word_embeddings", false, "tie_word_embeddings");
    CHECK_THROWS_WITH_AS(load_language_model("/nowhere"), doctest::Contains("/nowhere"), FileError);
}

// GPT-2 from folders of every kind, and folders that don't fit together.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "golden.h"
#include "io/json.h"
#include "models/gpt2.h"
#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

using Tensors = std::map<std::string, TensorToWrite>;

const std::string original = fixture("models/gpt2");
const std::vector<int> some_ids{5, 17, 230, 44, 9, 600, 31, 8};

/// A copy of the fixture's model to change and save; the folder goes with it.
class ModelFolder {
   public:
    json config = read_json(original + "/config.json");
    Tensors tensors;

    explicit ModelFolder(DType dtype = DType::float32) {
        const TensorFile file = TensorFile::open(original);
        for (const auto& [name, stored] : file.tensors()) {
            tensors[name] = to_write(stored.floats(), stored.shape, dtype);
        }
        fs::create_directories(path_);
    }
    ~ModelFolder() { fs::remove_all(path_); }
    ModelFolder(const ModelFolder&) = delete;
    ModelFolder& operator=(const ModelFolder&) = delete;

    std::unique_ptr<LanguageModel> load() const {
        std::ofstream(path_ / "config.json") << config;
        if (!fs::exists(path_ / "model.safetensors.index.json")) {
            write_safetensors(path_ / "model.safetensors", tensors);
        }
        return load_language_model(path_);
    }
    const fs::path& path() const { return path_; }

    /// The tensors' names with another prefix.
    void rename(const std::string& from, const std::string& to) {
        Tensors renamed;
        for (auto& [name, tensor] : tensors) {
            renamed[name.rfind(from, 0) == 0 ? to + name.substr(from.size()) : name] =
                std::move(tensor);
        }
        tensors = std::move(renamed);
    }

   private:
    static int next() {
        static int count = 0;
        return count++;
    }
    fs::path path_ = fs::temp_directory_path() /
                     ("vitrine-model-" + std::to_string(getpid()) + "-" + std::to_string(next()));
};

Tensor2 logits_of(const LanguageModel& model) {
    const Sequence sequence{some_ids};
    return model.forward({&sequence, 1})[0];
}

Tensor2 expected_logits() {
    return logits_of(*load_language_model(original));
}

void check_refused(const ModelFolder& folder, const std::string& message) {
    INFO(message);
    CHECK_THROWS_WITH_AS(folder.load(), doctest::Contains(message.c_str()), FileError);
}

}  // namespace

TEST_CASE("GPT-2 files: names with and without \"transformer.\", and an lm_head beside them") {
    ModelFolder folder;
    const bool prefixed = folder.tensors.count("transformer.wte.weight") != 0;
    if (prefixed) {
        folder.rename("transformer.", "");
    } else {
        folder.rename("", "transformer.");
    }
    folder.tensors["lm_head.weight"] =
        folder.tensors[prefixed ? "wte.weight" : "transformer.wte.weight"];
    CHECK(largest_difference(logits_of(*folder.load()), expected_logits()) == 0);
}

TEST_CASE("GPT-2 files: the old and the new names in config.json") {
    ModelFolder folder;
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
    const ModelFolder folder;
    json map;
    Tensors shards[2];
    std::size_t at = 0;
    for (const auto& [name, tensor] : folder.tensors) {
        map[name] = at % 2 == 0 ? "a.safetensors" : "b.safetensors";
        shards[at++ % 2][name] = tensor;
    }
    write_safetensors(folder.path() / "a.safetensors", shards[0]);
    write_safetensors(folder.path() / "b.safetensors", shards[1]);
    std::ofstream(folder.path() / "model.safetensors.index.json") << json{{"weight_map", map}};
    CHECK(largest_difference(logits_of(*folder.load()), expected_logits()) == 0);
}

// Bound: the same rounded weights either way; only the order of sums may differ.
TEST_CASE("GPT-2 files: 16-bit weights give what the same numbers in float32 give") {
    for (const DType dtype : {DType::float16, DType::bfloat16}) {
        const ModelFolder stored(dtype);
        ModelFolder widened(dtype);
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
    ModelFolder folder;
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
    ModelFolder folder;
    folder.config["bos_token_id"] = folder.config["eos_token_id"] = 50256;
    CHECK(folder.load()->info().bos_id == -1);
    CHECK(folder.load()->info().eos_id == -1);
}

TEST_CASE("GPT-2 files: what is missing or misshapen is named, with the key that asks for it") {
    {
        ModelFolder folder;
        folder.config["n_inner"] = 100;
        check_refused(folder, "mlp.c_fc.bias\": expected [100], got [192]");
        check_refused(folder, "n_inner");
    }
    {
        ModelFolder folder;
        folder.config["n_layer"] = 4;
        check_refused(folder, "h.3.");
        check_refused(folder, "no such tensor");
    }
    {
        ModelFolder folder;
        folder.config["vocab_size"] = 641;
        check_refused(folder, "wte.weight\": expected [641, 48], got [640, 48]");
        check_refused(folder, "vocab_size");
    }
    {
        ModelFolder folder;
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
        ModelFolder folder;
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
    refused("model_type", "gpt5", "one of gpt2, llama, mistral, qwen2, got \"gpt5\"");
    refused("add_cross_attention", true, "add_cross_attention");
    refused("tie_word_embeddings", false, "tie_word_embeddings");
    CHECK_THROWS_WITH_AS(load_language_model("/nowhere"), doctest::Contains("/nowhere"), FileError);
}

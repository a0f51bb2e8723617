#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "generate/generate.h"
#include "io/assets.h"
#include "io/json.h"
#include "lib/models/model_golden.h"
#include "models/families.h"
#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::test;
using nlohmann::json;

namespace {

std::vector<int> ids_of(const json& list) {
    return list.get<std::vector<int>>();
}

/// Greedy ids by logits alone, with a cache.
std::vector<int> greedy(const LanguageModel& model, std::vector<int> ids, std::size_t length) {
    State state = model.new_state();
    std::vector<int> next = ids;
    while (ids.size() < length) {
        const Sequence sequence{next, &state};
        const Tensor2 logits = model.forward({&sequence, 1}, Logits::last)[0];
        const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
        next = {static_cast<int>(best)};
        ids.push_back(next.front());
    }
    return ids;
}

}  // namespace

TEST_CASE("Llama: hidden states, attention, logits and greedy ids equal transformers'") {
    for (const char* name : {"llama", "llama3", "qwen2", "mistral"}) {
        INFO(name);
        const std::string folder = fixture(std::string("models/") + name);
        check_against_golden(folder, folder + "/golden.safetensors");
        const json expected = read_json(folder + "/generate.json");
        const auto model = load_language_model(folder);
        CHECK(greedy(*model, ids_of(expected["prompt"]), expected["greedy"].size()) ==
              ids_of(expected["greedy"]));
        CHECK(model->info().kv_heads == 2);
    }
}

TEST_CASE("Llama: the second bundled model equals transformers") {
    const auto folder = assets_folder() / "models" / "stories260k";
    check_against_golden(folder, fixture("models/stories260k/golden.safetensors"));
    const json expected = read_json(fixture("models/stories260k/generate.json"));
    const auto model = load_language_model(folder);
    CHECK(model->info().parameters == 260032);  // 1,040,128 bytes of tensors in the file
    CHECK(greedy(*model, ids_of(expected["prompt"]), expected["greedy"].size()) ==
          ids_of(expected["greedy"]));
}

TEST_CASE("Llama: with a cache, in pieces, the logits are those of the whole; a window too") {
    for (const char* name : {"llama", "mistral"}) {  // Mistral's window of 7 is crossed
        INFO(name);
        const auto model = load_language_model(fixture(std::string("models/") + name));
        const std::vector<int> ids{5, 17, 230, 44, 9, 600, 31, 8, 8, 120, 77, 3};
        const Sequence whole{ids};
        const Tensor2 expected = model->forward({&whole, 1})[0];
        for (const std::size_t piece : {1, 5}) {
            State state = model->new_state();
            for (std::size_t at = 0; at < ids.size(); at += piece) {
                const std::size_t count = std::min(piece, ids.size() - at);
                const Sequence part{std::span(ids).subspan(at, count), &state};
                CHECK(largest_difference(
                          model->forward({&part, 1})[0],
                          rows(Ref2(expected), Index(at), Index(at + count)).copy()) < 1e-4);
            }
        }
    }
}

TEST_CASE("Llama: what it records has the names of its own steps") {
    const auto model = load_language_model(fixture("models/llama"));
    const std::vector<int> ids{5, 17, 230};
    Record record = Record::all();
    const Sequence sequence{ids, nullptr, &record};
    model->forward({&sequence, 1});
    CHECK(kept<3>(record.cache(), "blocks.1.attn.q_rot").shape()[0] == 6);
    CHECK(kept<3>(record.cache(), "blocks.1.attn.k_rot").shape()[0] == 2);
    CHECK(kept<2>(record.cache(), "blocks.2.mlp_gate").shape()[1] == 88);
    CHECK(record.cache().count("pos_embed") == 0);
}

TEST_CASE("Llama: what config.json may not say is refused with its key") {
    const std::string folder = fixture("models/llama");
    const TensorFile tensors = TensorFile::open(folder);
    const json right = read_json(folder + "/config.json");
    const auto load = [&](const std::string& key, const json& value) {
        json config = right;
        config[json::json_pointer("/" + key)] = value;
        Model model = load_llama(ConfigFile::parse(config.dump(), "config.json"), tensors);
        return std::move(std::get<0>(model));
    };
    CHECK_NOTHROW(load("eos_token_id", json::array({2, 3})));
    CHECK(load("eos_token_id", json::array({2, 3}))->info().eos_id == 2);
    const auto refused = [&](const char* key, const json& value, const char* words) {
        INFO(key);
        CHECK_THROWS_WITH_AS(load(key, value), doctest::Contains(words), FileError);
    };
    refused("rope_parameters/rope_type", "yarn", "default, linear or llama3");
    refused("num_key_value_heads", 4, "num_key_value_heads");
    refused("head_dim", 7, "even");
    refused("hidden_act", "gelu", "hidden_act");
    refused("intermediate_size", 90, "intermediate_size");
    refused("tie_word_embeddings", "yes", "tie_word_embeddings");
    refused("rope_parameters/rope_type", "llama3", "factor");
}

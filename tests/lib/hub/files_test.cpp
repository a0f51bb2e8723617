#include "hub/files.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tensor/error.h"

using namespace vitrine;
using nlohmann::json;
using Files = std::vector<std::string>;

namespace {
hub::Listing listing(const Files& files) {
    return {std::string(40, 'a'), files};
}
template <class Function>
std::string problem(Function&& function) {
    try {
        function();
    } catch (const FileError& error) {
        return error.what();
    }
    return "";
}
}  // namespace

TEST_CASE("hub files: what a model needs, and no weights in other forms") {
    // openai-community/gpt2 as the hub lists it.
    const Files all = {".gitattributes",      "64-8bits.tflite",
                       "README.md",           "config.json",
                       "flax_model.msgpack",  "generation_config.json",
                       "merges.txt",          "model.safetensors",
                       "onnx/config.json",    "onnx/decoder_model.onnx",
                       "onnx/tokenizer.json", "pytorch_model.bin",
                       "rust_model.ot",       "tf_model.h5",
                       "tokenizer.json",      "tokenizer_config.json",
                       "vocab.json"};
    CHECK(hub::needed_files(listing(all), "gpt2") ==
          Files{"config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
                "vocab.json", "merges.txt", "model.safetensors"});
    CHECK(hub::needed_files(listing({"config.json", "preprocessor_config.json", "spiece.model",
                                     "model.safetensors.index.json"}),
                            "x") == Files{"config.json", "spiece.model", "preprocessor_config.json",
                                          "model.safetensors.index.json"});
}

TEST_CASE("hub files: a model without safetensors, or of another library, is refused by name") {
    const std::string old = problem([] {
        hub::needed_files(listing({"config.json", "pytorch_model.bin", "tf_model.h5"}), "some/old");
    });
    CHECK(old.find("some/old: expected model.safetensors") == 0);
    CHECK(old.find("only pytorch_model.bin, tf_model.h5") != std::string::npos);
    CHECK(problem([] { hub::needed_files(listing({"config.json"}), "x"); }).find("no weights") !=
          std::string::npos);
    CHECK(problem([] {
              hub::needed_files(listing({"model.safetensors"}), "x");
          }).find("config.json") != std::string::npos);
}

TEST_CASE("hub files: shards once each, and none outside the model") {
    const hub::Listing both = listing({"a-1.safetensors", "a-2.safetensors", "a.bin"});
    const auto map = [](const json& weights) { return json{{"weight_map", weights}}; };
    CHECK(hub::shards(
              map({{"x", "a-2.safetensors"}, {"y", "a-1.safetensors"}, {"z", "a-2.safetensors"}}),
              both) == Files{"a-1.safetensors", "a-2.safetensors"});
    for (const char* wrong :
         {"../a-1.safetensors", "/a-1.safetensors", "a.bin", "b.safetensors", ""}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(hub::shards(map({{"x", wrong}}), both), FileError);
    }
    CHECK_THROWS_AS(hub::shards(map({{"x", 1}}), both), FileError);
    CHECK_THROWS_AS(hub::shards(json::array(), both), FileError);
    CHECK_THROWS_AS(hub::shards({{"weight_map", 1}}, both), FileError);
}

TEST_CASE("hub files: the modules of a sentence encoder") {
    const hub::Listing all = listing({"1_Pooling/config.json", "2_Dense/config.json",
                                      "2_Dense/model.safetensors", "2_Dense/pytorch_model.bin"});
    const auto modules = json::parse(R"([{"path": ""}, {"path": "1_Pooling"}, {"path": "2_Dense"},
                                         {"path": "3_Normalize"}])");
    CHECK(hub::module_files(modules, all) ==
          Files{"1_Pooling/config.json", "2_Dense/config.json", "2_Dense/model.safetensors"});
    CHECK_THROWS_AS(hub::module_files(json::parse(R"([{"path": "../x"}])"), all), FileError);
    CHECK_THROWS_AS(hub::module_files(json::object(), all), FileError);
}

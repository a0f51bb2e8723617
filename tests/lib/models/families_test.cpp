// What holds for every family: copies in other formats, and files that don't fit together.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "lib/models/family_golden.h"
#include "lib/models/model_folder.h"
#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::test;
using nlohmann::json;

namespace {

const char* const fixtures[] = {"gpt2",    "llama", "qwen2",   "mistral", "bert", "bert-classifier",
                                "roberta", "t5",    "t5-v1_1", "mamba",   "clip"};

std::string folder_of(const char* name) {
    return fixture(std::string("models/") + name);
}

/// Loads; what is wrong may only come as a FileError. True if it loaded.
bool loads_or_refuses(const ModelFolder& folder, std::string* message = nullptr) {
    try {
        folder.load();
        return true;
    } catch (const FileError& error) {
        if (message != nullptr) *message = error.what();
        return false;
    }
}

}  // namespace

TEST_CASE("every family: shards give exactly what one file gives") {
    for (const char* name : fixtures) {
        INFO(name);
        const ModelFolder folder(folder_of(name));
        folder.save_shards();
        CHECK(largest_difference(outputs_of(folder.load()),
                                 outputs_of(load_model(folder_of(name)))) == 0);
    }
}

// Bound: the same rounded weights either way; only the order of sums may differ. T5's scores are
// not scaled and so larger.
TEST_CASE("every family: 16-bit weights give what the same numbers in float32 give") {
    for (const char* name : fixtures) {
        for (const DType dtype : {DType::float16, DType::bfloat16}) {
            INFO(name);
            const ModelFolder stored(folder_of(name), dtype);
            const Model model = stored.load();
            CHECK(info_of(model).dtype == dtype_name(dtype));
            CHECK(info_of(model).weight_bytes == std::size_t(info_of(model).parameters) * 2);
            ModelFolder widened(folder_of(name), dtype);
            const TensorFile file = TensorFile::open(stored.path());
            for (const auto& [tensor, half] : file.tensors()) {
                widened.tensors[tensor] = to_write(half.floats(), half.shape);
            }
            CHECK(largest_difference(outputs_of(model), outputs_of(widened.load())) < 1e-4);
        }
    }
}

TEST_CASE("every family: parameters are the numbers in the file") {
    for (const char* name : fixtures) {
        INFO(name);
        Index count = 0;
        const TensorFile file = TensorFile::open(folder_of(name));
        for (const auto& entry : file.tensors()) {
            count += entry.second.size();
        }
        CHECK(info_of(load_model(folder_of(name))).parameters == count);
    }
}

TEST_CASE("every family: a tensor that is missing or misshapen is named, with its key") {
    for (const char* name : {"llama", "bert", "roberta", "t5-v1_1", "mamba", "clip"}) {
        INFO(name);
        ModelFolder folder(folder_of(name));
        const auto all = folder.tensors;
        for (const auto& entry : all) {
            const std::string tensor = entry.first;
            INFO(tensor);
            std::string message;
            folder.tensors.erase(tensor);
            // A head that is not there is no mistake; a part of one is.
            if (!loads_or_refuses(folder, &message)) {
                CHECK(message.find("config.json gives this shape by") != std::string::npos);
                CHECK(tensor.find(message.substr(message.find("tensor \"") + 8, 8)) !=
                      std::string::npos);
            }
            TensorToWrite longer = entry.second;  // by one row; a lone number becomes two
            const auto rows = std::size_t(longer.shape.empty() ? 1 : longer.shape[0]);
            if (longer.shape.empty()) longer.shape = {1};
            longer.shape[0] += 1;
            longer.bytes.resize(longer.bytes.size() / rows * (rows + 1));
            folder.tensors[tensor] = longer;
            REQUIRE_FALSE(loads_or_refuses(folder, &message));
            CHECK(message.find("config.json gives this shape by") != std::string::npos);
            folder.tensors[tensor] = entry.second;
        }
    }
}

TEST_CASE("every family: a config.json with any key wrong is refused or loads, and never breaks") {
    const json wrong[] = {json(), "many",        -1,   0,      1,         7, 3'000'000'000'000,
                          1e300,  json::array(), true, json{}, {{"a", 1}}};
    for (const char* name : {"llama", "bert-classifier", "roberta", "t5", "mamba", "clip"}) {
        const TensorFile tensors = TensorFile::open(folder_of(name));
        const json right = read_json(folder_of(name) + "/config.json");
        const ModelBuilder& build = model_families().at(right["model_type"]);
        std::size_t refused = 0;
        const json flat = right.flatten();
        for (const auto& entry : flat.items()) {
            for (const json& value : wrong) {
                INFO(name, ": ", entry.key(), " = ", value.dump());
                json config = right;
                config[json::json_pointer(entry.key())] = value;
                try {
                    build(ConfigFile::parse(config.dump(), "config.json"), tensors);
                } catch (const FileError&) {
                    ++refused;
                }
            }
        }
        CHECK(refused > 50);
    }
}

TEST_CASE("load_language_model: a model of another kind is refused by its family") {
    CHECK_THROWS_WITH_AS(load_language_model(folder_of("bert")), doctest::Contains("\"bert\""),
                         FileError);
}

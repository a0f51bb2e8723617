#include "hub/files.h"

#include <nlohmann/json.hpp>
#include <set>

#include "tensor/error.h"

namespace vitrine::hub {

namespace {

constexpr const char* always[] = {
    "config.json", "generation_config.json",
    // tokenizers
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    "vocab.json", "merges.txt", "vocab.txt", "spiece.model", "tokenizer.model",
    "sentencepiece.bpe.model", "spm.model", "chat_template.jinja", "chat_template.json",
    // pictures
    "preprocessor_config.json", "processor_config.json",
    // sentence encoders
    "modules.json", "sentence_bert_config.json", "config_sentence_transformers.json"};

}  // namespace

std::vector<std::string> needed_files(const Listing& listing, const std::string& model) {
    if (!listing.has("config.json")) {
        throw FileError(model, "config.json among its files", "none",
                        "a model of another library, or adapters, can't be loaded");
    }
    std::vector<std::string> files;
    for (const char* file : always) {
        if (listing.has(file)) files.emplace_back(file);
    }
    if (listing.has("model.safetensors")) {
        files.emplace_back("model.safetensors");
    } else if (listing.has("model.safetensors.index.json")) {
        files.emplace_back("model.safetensors.index.json");
    } else {
        std::string others;
        for (const char* other : {"pytorch_model.bin", "pytorch_model.bin.index.json",
                                  "tf_model.h5", "flax_model.msgpack"}) {
            if (listing.has(other)) others += (others.empty() ? "" : ", ") + std::string(other);
        }
        throw FileError(model, "model.safetensors, or its index",
                        others.empty() ? "no weights" : "only " + others,
                        "look for a version with safetensors, perhaps a branch: NAME@revision");
    }
    return files;
}

std::vector<std::string> shards(const nlohmann::json& index, const Listing& listing) {
    const std::string where = "model.safetensors.index.json";
    if (!index.is_object() || !index.contains("weight_map") || !index["weight_map"].is_object()) {
        throw FileError(where, "an object \"weight_map\"", "none");
    }
    std::set<std::string> files;
    for (const auto& [tensor, file] : index["weight_map"].items()) {
        const std::string name = file.is_string() ? file.get<std::string>() : "";
        check_file_name(name, where);
        if (!name.ends_with(".safetensors") || !listing.has(name)) {
            throw FileError(where, "names of safetensors files of the model",
                            "\"" + name.substr(0, 100) + "\"");
        }
        files.insert(name);
    }
    return {files.begin(), files.end()};
}

std::vector<std::string> module_files(const nlohmann::json& modules, const Listing& listing) {
    std::vector<std::string> files;
    if (!modules.is_array()) throw FileError("modules.json", "a list of modules", "something else");
    for (const auto& module : modules) {
        const bool named =
            module.is_object() && module.contains("path") && module["path"].is_string();
        const std::string path = named ? module["path"].get<std::string>() : "";
        if (path.empty()) continue;  // the encoder, in the model's own folder
        check_file_name(path, "modules.json");
        for (const char* name : {"config.json", "sentence_bert_config.json", "model.safetensors"}) {
            const std::string file = path + "/" + name;
            if (listing.has(file)) files.push_back(file);
        }
    }
    return files;
}

}  // namespace vitrine::hub

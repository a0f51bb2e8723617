// A copy of a fixture's model to change, save and load.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "golden.h"
#include "io/json.h"
#include "models/registry.h"
#include "scratch_folder.h"

namespace vitrine::test {

class ModelFolder {
   public:
    nlohmann::json config;
    std::map<std::string, TensorToWrite> tensors;

    explicit ModelFolder(const std::string& original, DType dtype = DType::float32)
        : config(read_json(original + "/config.json")) {
        const TensorFile file = TensorFile::open(original);
        for (const auto& [name, stored] : file.tensors()) {
            tensors[name] = to_write(stored.floats(), stored.shape, dtype);
        }
    }

    const std::filesystem::path& save() const {
        folder_.write("config.json", config.dump());
        if (!std::filesystem::exists(folder_ / "model.safetensors.index.json")) {
            write_safetensors(folder_ / "model.safetensors", tensors);
        }
        return path();
    }
    /// The tensors by turns in two files with an index.
    void save_shards() const {
        nlohmann::json map;
        std::map<std::string, TensorToWrite> shards[2];
        std::size_t at = 0;
        for (const auto& [name, tensor] : tensors) {
            map[name] = at % 2 == 0 ? "a.safetensors" : "b.safetensors";
            shards[at++ % 2][name] = tensor;
        }
        write_safetensors(folder_ / "a.safetensors", shards[0]);
        write_safetensors(folder_ / "b.safetensors", shards[1]);
        folder_.write("model.safetensors.index.json", nlohmann::json{{"weight_map", map}}.dump());
    }
    Model load() const { return load_model(save()); }
    const std::filesystem::path& path() const { return folder_.path(); }

    /// The tensors' names with another prefix, where they have the first.
    void rename_prefix(const std::string& from, const std::string& to) {
        std::map<std::string, TensorToWrite> renamed;
        for (auto& [name, tensor] : tensors) {
            renamed[name.rfind(from, 0) == 0 ? to + name.substr(from.size()) : name] =
                std::move(tensor);
        }
        tensors = std::move(renamed);
    }
    /// The tensors' names with another ending, where they have the first.
    void rename_ending(const std::string& from, const std::string& to) {
        std::map<std::string, TensorToWrite> renamed;
        for (auto& [name, tensor] : tensors) {
            const bool fits = name.size() >= from.size() &&
                              name.compare(name.size() - from.size(), from.size(), from) == 0;
            renamed[fits ? name.substr(0, name.size() - from.size()) + to : name] =
                std::move(tensor);
        }
        tensors = std::move(renamed);
    }

   private:
    ScratchFolder folder_;
};

}  // namespace vitrine::test

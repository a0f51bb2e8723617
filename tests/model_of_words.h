// A fixture's model with a tokenizer: the fixtures' vocabularies are cut down, so the words of a
// text are called by their ids: "w17".
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "golden.h"
#include "io/json.h"
#include "pipeline.h"
#include "scratch_folder.h"

namespace vitrine::test {

class ModelOfWords {
   public:
    /// @param mask  the id that is called [MASK]
    explicit ModelOfWords(const std::string& name, int mask = -1,
                          const nlohmann::json& more_config = nlohmann::json::object())
        : original_(fixture("models/" + name)), mask_(mask) {
        using nlohmann::json;
        std::filesystem::copy(original_, folder_.path());
        json config = read_json(original_ + "/config.json");
        config.update(more_config);
        folder_.write("config.json", config.dump());
        json vocabulary = json::object();
        for (int id = 0; id < 100; ++id) vocabulary[word(id)] = id;
        vocabulary["[UNK]"] = 100;
        json tokenizer{{"version", "1.0"},
                       {"truncation", nullptr},
                       {"padding", nullptr},
                       {"added_tokens", json::array()},
                       {"normalizer", nullptr},
                       {"pre_tokenizer", {{"type", "WhitespaceSplit"}}},
                       {"post_processor", nullptr},
                       {"decoder", {{"type", "WordPiece"}, {"prefix", "##"}, {"cleanup", false}}},
                       {"model",
                        {{"type", "WordPiece"},
                         {"unk_token", "[UNK]"},
                         {"continuing_subword_prefix", "##"},
                         {"max_input_chars_per_word", 100},
                         {"vocab", vocabulary}}}};
        if (mask >= 0) {
            tokenizer["added_tokens"].push_back({{"id", mask},
                                                 {"content", "[MASK]"},
                                                 {"single_word", false},
                                                 {"lstrip", false},
                                                 {"rstrip", false},
                                                 {"normalized", false},
                                                 {"special", true}});
        }
        folder_.write("tokenizer.json", tokenizer.dump());
    }

    const std::filesystem::path& path() const { return folder_.path(); }
    LoadedModel open() const { return open_model(folder_.path()); }
    TensorFile golden_file() const { return TensorFile::open(original_ + "/golden.safetensors"); }
    std::string words(std::span<const std::int64_t> ids) const {
        std::string text;
        for (const std::int64_t id : ids)
            text += (text.empty() ? "" : " ") + word(static_cast<int>(id));
        return text;
    }
    /// The visible ids of a row of a golden, split where the second text begins.
    TaskText pair(std::size_t row) const {
        const TensorFile file = golden_file();
        const auto ids = file.at("input_ids").integers(),
                   types = file.at("token_type_ids").integers(),
                   mask = file.at("attention_mask").integers();
        const std::size_t T = static_cast<std::size_t>(file.at("input_ids").shape[1]);
        std::vector<std::int64_t> parts[2];
        for (std::size_t t = row * T; t < (row + 1) * T; ++t) {
            if (mask[t] != 0) parts[types[t]].push_back(ids[t]);
        }
        return {words(parts[0]), words(parts[1])};
    }

   private:
    std::string word(int id) const { return id == mask_ ? "[MASK]" : "w" + std::to_string(id); }
    std::string original_;
    int mask_;
    ScratchFolder folder_;
};

}  // namespace vitrine::test

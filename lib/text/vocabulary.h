// The tokens of a tokenizer by id, and their ids by token.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tensor/tensor.h"

namespace vitrine {

class Vocabulary {
   public:
    /// Room for `most` tokens, with ids from 0 to most - 1.
    /// @param byte_alphabet  tokens are spelled in GPT-2's alphabet of bytes
    explicit Vocabulary(Index most = 0, bool byte_alphabet = true);

    /// @throws FileError  an id outside the room; a second token for an id, or id for a token
    void insert(const std::string& token, Index id, const std::string& where);
    /// Every member of a JSON object {token: id}. @throws FileError
    void insert_all(const nlohmann::json& object, const std::string& where);
    /// What a token stands for, where a decoder knows better than its spelling.
    void set_bytes(int id, std::string bytes) {
        bytes_[static_cast<std::size_t>(id)] = std::move(bytes);
    }
    void set_special(int id) { special_[static_cast<std::size_t>(id)] = true; }
    /// @throws FileError naming the first id without a token
    void check_complete(const std::string& where) const;

    bool byte_alphabet() const { return byte_alphabet_; }
    Index size() const { return static_cast<Index>(tokens_.size()); }
    std::optional<int> find(std::string_view token) const;
    /// As tokenizer.json spells it. 0 <= id < size() in all of these.
    const std::string& token(int id) const { return tokens_[static_cast<std::size_t>(id)]; }
    /// What it stands for: the bytes if it is spelled in the alphabet of bytes, else itself.
    const std::string& bytes(int id) const { return bytes_[static_cast<std::size_t>(id)]; }
    bool is_special(int id) const { return special_[static_cast<std::size_t>(id)]; }

   private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    std::vector<std::string> tokens_, bytes_;
    bool byte_alphabet_ = true;
    std::vector<bool> taken_, special_;
    std::unordered_map<std::string, int, Hash, std::equal_to<>> ids_;
};

}  // namespace vitrine

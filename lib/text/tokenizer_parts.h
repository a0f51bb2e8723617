// The steps of a tokenizer.json, read and checked: what Tokenizer runs.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "text/added_tokens.h"
#include "text/bpe.h"

namespace vitrine {

/// The ByteLevel pre-tokenizer: cuts by GPT-2's pattern and writes bytes as characters.
struct ByteLevel {
    bool add_prefix_space = false;
    bool use_regex = true;
};

/// The ByteLevel post-processor: whether white space is left out of a token's offsets.
struct ByteLevelOffsets {
    bool trim = false;
    bool add_prefix_space = true;
};

/// The vocabulary both ways. Ids may have holes; their tokens are empty.
struct Vocabulary {
    std::vector<std::string> tokens;  // by id, as tokenizer.json spells them
    std::vector<std::string> bytes;   // by id, what they stand for
    std::vector<bool> special;        // by id
    std::unordered_map<std::string, int> ids;
};

struct TokenizerParts {
    AddedTokens added;
    ByteLevel pre_tokenizer;
    ByteLevelOffsets offsets;
    Vocabulary vocabulary;
    std::unique_ptr<const MergeTable> merges;
    std::array<int, 256> byte_ids{};  // of each byte's own token; -1 if it has none
    bool ignore_merges = false;       // a piece that is a token stays whole
};

/// @param root   a tokenizer.json
/// @param where  names it in errors
/// @throws FileError  for what is missing, contradictory, or of a type that is not known
TokenizerParts read_tokenizer(const nlohmann::json& root, const std::string& where);

/// GPT-2's own two files; <|endoftext|> is special.
TokenizerParts read_gpt2_tokenizer(const nlohmann::json& vocabulary, const std::string& merges,
                                   const std::string& where);

}  // namespace vitrine

// The "decoder" of a tokenizer.json: turns tokens back into text.
// Supported: ByteLevel and null, which puts spaces between tokens. A further kind is a struct with
// run(), a name in the variant and a line in read_decoder().
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <variant>

#include "text/vocabulary.h"

namespace vitrine {

struct SpaceDecoder {
    std::string run(const Vocabulary& vocabulary, std::span<const int> ids) const;
};

/// The bytes that tokens stand for, one after the other, with U+FFFD for what is not UTF-8.
struct ByteLevelDecoder {
    std::string run(const Vocabulary& vocabulary, std::span<const int> ids) const;
};

using Decoder = std::variant<SpaceDecoder, ByteLevelDecoder>;

/// @param root  the whole tokenizer.json. @throws FileError
Decoder read_decoder(const nlohmann::json& root, const std::string& where);

/// @param ids  of the vocabulary
std::string decode(const Decoder& decoder, const Vocabulary& vocabulary, std::span<const int> ids);

}  // namespace vitrine

// Tokens that are found in a text before anything else: <|endoftext|>, [MASK] and the like.
// Source: tokenizers, added_vocabulary.rs.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/aligned_text.h"

namespace vitrine {

struct AddedToken {
    int id = 0;
    std::string content;
    bool special = false;      // left out of decoded text unless it is asked for
    bool single_word = false;  // only where it is not a part of a word
    bool lstrip = false;       // takes the white space before it
    bool rstrip = false;       // takes the white space after it
    bool normalized = true;    // looked for in the normalized text, not in the text as it came
};

/// The "added_tokens" of a tokenizer.json. @throws FileError
std::vector<AddedToken> read_added_tokens(const nlohmann::json& list, const std::string& where);

/// An added token in a text, or a stretch between two of them.
struct AddedSplit {
    ByteRange range;
    const AddedToken* token = nullptr;
};

/// Finds a set of added tokens: the leftmost first, and the longest at one place.
class AddedTokenFinder {
   public:
    explicit AddedTokenFinder(std::vector<AddedToken> tokens = {});
    /// Cuts the text at every token found; the splits cover all of it.
    std::vector<AddedSplit> split(std::string_view text) const;

   private:
    struct Node {  // of the tree of contents, byte by byte
        std::vector<std::pair<char, std::size_t>> next;
        std::optional<std::size_t> token;
    };
    std::size_t child(std::size_t node, char byte) const;
    const AddedToken* longest_at(std::string_view text, std::size_t at) const;

    std::vector<AddedToken> tokens_;
    std::vector<Node> nodes_;
    bool starts_[256] = {};  // first bytes of the contents
};

}  // namespace vitrine

// Tokens that are found in the text before anything else: <|endoftext|>, [MASK] and the like.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine {

struct AddedToken {
    int id = 0;
    std::string content;
    bool special = false;      // left out of decoded text unless it is asked for
    bool single_word = false;  // only between characters that are no word characters
    bool lstrip = false;       // takes the white space before it
    bool rstrip = false;       // takes the white space after it
};

/// A stretch of text: an added token, or what lies between two of them.
struct TextPart {
    std::size_t begin = 0, end = 0;  // bytes
    const AddedToken* token = nullptr;
};

class AddedTokens {
   public:
    AddedTokens() = default;
    explicit AddedTokens(std::vector<AddedToken> tokens);
    /// Cuts the text at every added token, leftmost first, the longest at one place.
    std::vector<TextPart> split(std::string_view text) const;
    const std::vector<AddedToken>& all() const { return tokens_; }

   private:
    const AddedToken* match(std::string_view text, std::size_t at) const;
    std::vector<AddedToken> tokens_;  // longest first
    bool starts_[256] = {};           // first bytes of their contents
};

}  // namespace vitrine

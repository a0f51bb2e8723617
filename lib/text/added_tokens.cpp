#include "text/added_tokens.h"

#include <algorithm>

#include "text/grapheme.h"
#include "text/utf8.h"

namespace vitrine {

namespace {

bool is_word(char32_t value) {
    return is_letter(value) || is_number(value) || value == U'_';
}

/// Start of the character that ends at byte `at`.
std::size_t character_before(std::string_view text, std::size_t at) {
    do {
        --at;
    } while (at > 0 && is_continuation(text[at]));
    return at;
}

bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
    if (begin > 0 && is_word(read_code_point(text, character_before(text, begin)).value))
        return false;
    return end >= text.size() || !is_word(read_code_point(text, end).value);
}

}  // namespace

AddedTokens::AddedTokens(std::vector<AddedToken> tokens) : tokens_(std::move(tokens)) {
    std::stable_sort(tokens_.begin(), tokens_.end(), [](const AddedToken& a, const AddedToken& b) {
        return a.content.size() > b.content.size();
    });
    for (const AddedToken& token : tokens_) {
        if (!token.content.empty()) starts_[static_cast<unsigned char>(token.content[0])] = true;
    }
}

const AddedToken* AddedTokens::match(std::string_view text, std::size_t at) const {
    for (const AddedToken& token : tokens_) {
        if (token.content.empty() || text.compare(at, token.content.size(), token.content) != 0) {
            continue;
        }
        if (token.single_word && !stands_alone(text, at, at + token.content.size())) continue;
        return &token;
    }
    return nullptr;
}

std::vector<TextPart> AddedTokens::split(std::string_view text) const {
    std::vector<TextPart> parts;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text.size();) {
        const AddedToken* token =
            starts_[static_cast<unsigned char>(text[at])] ? match(text, at) : nullptr;
        if (token == nullptr) {
            ++at;
            continue;
        }
        std::size_t left = at;
        std::size_t right = at + token->content.size();
        while (token->lstrip && left > begin &&
               is_space(read_code_point(text, character_before(text, left)).value)) {
            left = character_before(text, left);
        }
        while (token->rstrip && right < text.size() &&
               is_space(read_code_point(text, right).value)) {
            right += static_cast<std::size_t>(read_code_point(text, right).bytes);
        }
        if (left > begin) parts.push_back({begin, left, nullptr});
        parts.push_back({left, right, token});
        begin = at = right;
    }
    if (begin < text.size()) parts.push_back({begin, text.size(), nullptr});
    return parts;
}

}  // namespace vitrine

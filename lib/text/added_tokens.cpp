#include "text/added_tokens.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tensor/error.h"
#include "text/character_class.h"
#include "text/json_fields.h"
#include "text/utf8.h"

namespace vitrine {

namespace {

constexpr std::size_t longest_content = 4096;  // bytes; keeps the search linear in the text

/// Start of the character that ends at byte `at`.
std::size_t character_before(std::string_view text, std::size_t at) {
    do {
        --at;
    } while (at > 0 && is_continuation(text[at]));
    return at;
}

bool stands_alone(std::string_view text, ByteRange range) {
    const auto is_word_at = [&](std::size_t at) {
        return is_word(read_code_point(text, at).value);
    };
    const bool word_before = range.begin > 0 && is_word_at(character_before(text, range.begin));
    const bool word_after = range.end < text.size() && is_word_at(range.end);
    return !word_before && !word_after;
}

/// Start of the white space that ends at `end`, not before `begin`.
std::size_t spaces_before(std::string_view text, std::size_t begin, std::size_t end) {
    while (end > begin) {
        const std::size_t before = character_before(text, end);
        if (!is_space(read_code_point(text, before).value)) break;
        end = before;
    }
    return end;
}

/// End of the white space that starts at `begin`.
std::size_t spaces_after(std::string_view text, std::size_t begin) {
    while (begin < text.size()) {
        const CodePoint point = read_code_point(text, begin);
        if (!is_space(point.value)) break;
        begin += static_cast<std::size_t>(point.bytes);
    }
    return begin;
}

}  // namespace

std::vector<AddedToken> read_added_tokens(const nlohmann::json& list, const std::string& where) {
    if (!list.is_array()) throw FileError(where, "an array", shown(list));
    std::vector<AddedToken> tokens;
    for (const nlohmann::json& entry : list) {
        const std::string place = where + " " + std::to_string(tokens.size());
        if (!entry.is_object()) throw FileError(place, "an object", shown(entry));
        AddedToken token;
        const nlohmann::json* id = find_member(entry, "id");
        if (id == nullptr || !id->is_number_unsigned() || id->get<std::uint64_t>() > INT32_MAX) {
            throw FileError(place + ", \"id\"", "a token id", id ? shown(*id) : "none");
        }
        token.id = id->get<int>();
        token.content = read_text(entry, "content", "", place);
        if (token.content.empty() || token.content.size() > longest_content) {
            throw FileError(place + ", \"content\"",
                            "1 to " + std::to_string(longest_content) + " bytes",
                            std::to_string(token.content.size()));
        }
        token.special = read_flag(entry, "special", false, place);
        token.single_word = read_flag(entry, "single_word", false, place);
        token.lstrip = read_flag(entry, "lstrip", false, place);
        token.rstrip = read_flag(entry, "rstrip", false, place);
        token.normalized = read_flag(entry, "normalized", !token.special, place);
        tokens.push_back(std::move(token));
    }
    return tokens;
}

AddedTokenFinder::AddedTokenFinder(std::vector<AddedToken> tokens)
    : tokens_(std::move(tokens)), nodes_(1) {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
        const std::string& content = tokens_[i].content;
        starts_[static_cast<unsigned char>(content[0])] = true;
        std::size_t node = 0;
        for (const char byte : content) {
            std::size_t next = child(node, byte);
            if (next == 0) {
                next = nodes_.size();
                nodes_[node].next.emplace_back(byte, next);
                nodes_.emplace_back();
            }
            node = next;
        }
        if (!nodes_[node].token) nodes_[node].token = i;
    }
}

std::size_t AddedTokenFinder::child(std::size_t node, char byte) const {
    for (const auto& [label, next] : nodes_[node].next) {
        if (label == byte) return next;
    }
    return 0;  // the root is nobody's child
}

const AddedToken* AddedTokenFinder::longest_at(std::string_view text, std::size_t at) const {
    const AddedToken* longest = nullptr;
    std::size_t node = 0;
    for (; at < text.size(); ++at) {
        node = child(node, text[at]);
        if (node == 0) break;
        if (nodes_[node].token) longest = &tokens_[*nodes_[node].token];
    }
    return longest;
}

std::vector<AddedSplit> AddedTokenFinder::split(std::string_view text) const {
    std::vector<AddedSplit> splits;
    std::size_t done = 0;  // bytes that are in a split already
    for (std::size_t at = 0; at < text.size() && !tokens_.empty();) {
        const AddedToken* token = nullptr;
        if (starts_[static_cast<unsigned char>(text[at])]) token = longest_at(text, at);
        if (token == nullptr) {
            ++at;
            continue;
        }
        ByteRange range{at, at + token->content.size()};
        at = range.end;  // also past a token that is discarded: a shorter one is not tried
        if (token->single_word && !stands_alone(text, range)) continue;
        if (token->lstrip) range.begin = spaces_before(text, done, range.begin);
        if (token->rstrip) at = range.end = spaces_after(text, range.end);
        if (done < range.begin) splits.push_back({{done, range.begin}, nullptr});
        splits.push_back({range, token});
        done = range.end;
    }
    if (done < text.size()) splits.push_back({{done, text.size()}, nullptr});
    return splits;
}

}  // namespace vitrine

#include "text/precompiled.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <nlohmann/json.hpp>

#include "text/grapheme.h"
#include "text/json_fields.h"
#include "text/utf8.h"

namespace vitrine {

namespace {

/// The bytes of a text in base 64; nothing for another text.
std::optional<std::string> from_base64(std::string_view text) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::array<int, 256> values;
    values.fill(-1);
    for (std::size_t i = 0; i < digits.size(); ++i)
        values[static_cast<unsigned char>(digits[i])] = static_cast<int>(i);
    while (text.ends_with('=')) text.remove_suffix(1);
    std::string bytes;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char digit : text) {
        const int value = values[static_cast<unsigned char>(digit)];
        if (value < 0) return {};
        bits = (bits << 6U) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xffU);
    }
    return bytes;
}

// The parts of a unit of the double array.
bool has_leaf(std::uint32_t unit) {
    return ((unit >> 8U) & 1U) != 0;
}
std::uint32_t label(std::uint32_t unit) {
    return unit & 0x800000ffU;
}
std::size_t offset(std::uint32_t unit) {
    return static_cast<std::size_t>(unit >> 10U) << ((unit & 0x200U) >> 6U);
}

std::vector<ByteRange> characters_of(std::string_view text, ByteRange range) {
    std::vector<ByteRange> result;
    for (std::size_t at = range.begin; at < range.end;) {
        const auto length = static_cast<std::size_t>(std::max(1, read_code_point(text, at).bytes));
        result.push_back({at, at + length});
        at += length;
    }
    return result;
}

/// Characters in the place of others: one for one, further ones count as made from the last.
void replace(std::string_view by, const std::vector<ByteRange>& from,
             AlignedText::Rewrite& rewrite) {
    std::size_t i = 0;
    for (const ByteRange character : characters_of(by, {0, by.size()}))
        rewrite.put(part_of(by, character), from[std::min(i++, from.size() - 1)]);
}

}  // namespace

PrecompiledNormalizer PrecompiledNormalizer::read(const nlohmann::json& step,
                                                  const std::string& where) {
    const std::string place = where + ", \"precompiled_charsmap\"";
    const auto bytes = from_base64(read_text(step, "precompiled_charsmap", "", where));
    if (!bytes) throw FileError(place, "base 64", "other characters");
    PrecompiledNormalizer result;
    if (bytes->empty()) return result;  // a table without entries
    std::uint32_t size = 0;             // of the trie, in bytes
    if (bytes->size() >= sizeof size) std::memcpy(&size, bytes->data(), sizeof size);
    if (size == 0 || size % sizeof(std::uint32_t) != 0 || size > bytes->size() - sizeof size) {
        throw FileError(place, "a trie of as many bytes as its first four say",
                        std::to_string(size) + " of " + std::to_string(bytes->size()));
    }
    result.trie_.resize(size / sizeof(std::uint32_t));
    std::memcpy(result.trie_.data(), bytes->data() + sizeof size, size);
    result.texts_ = bytes->substr(sizeof size + size);
    return result;
}

std::optional<std::string_view> PrecompiledNormalizer::find(std::string_view text) const {
    if (trie_.empty()) return {};
    std::size_t node = offset(trie_[0]);
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        node ^= byte;
        if (byte == 0 || node >= trie_.size() || label(trie_[node]) != byte) return {};
        const bool is_entry = has_leaf(trie_[node]);
        node ^= offset(trie_[node]);
        if (!is_entry) continue;
        if (node >= trie_.size()) return {};
        const std::size_t begin = trie_[node] & 0x7fffffffU;
        if (begin >= texts_.size()) return {};
        const std::size_t end = std::min(texts_.find('\0', begin), texts_.size());
        return std::string_view(texts_).substr(begin, end - begin);
    }
    return {};
}

void PrecompiledNormalizer::rewrite_grapheme(std::string_view old, ByteRange grapheme,
                                             AlignedText::Rewrite& rewrite) const {
    constexpr std::size_t longest = 6;  // bytes: longer graphemes are taken apart at once
    const std::vector<ByteRange> characters = characters_of(old, grapheme);
    if (grapheme.size() < longest) {
        if (const auto whole = find(part_of(old, grapheme))) {
            replace(*whole, characters, rewrite);
            return;
        }
    }
    for (const ByteRange character : characters) {
        if (const auto one = find(part_of(old, character))) {
            replace(*one, {character}, rewrite);
        } else {
            rewrite.keep(character);
        }
    }
}

void PrecompiledNormalizer::run(AlignedText& text) const {
    const std::string_view old = text.bytes();
    const auto is_plain = [&](std::size_t at) { return old[at] >= ' ' && old[at] <= '~'; };
    AlignedText::Rewrite rewrite(text);
    for (std::size_t at = 0; at < old.size();) {
        // Of two printable characters of ASCII the first is a grapheme.
        const bool is_alone = is_plain(at) && (at + 1 == old.size() || is_plain(at + 1));
        const std::size_t end = is_alone ? at + 1 : next_grapheme(old, at);
        rewrite_grapheme(old, {at, end}, rewrite);
        at = end;
    }
    text.replace_by(std::move(rewrite));
}

}  // namespace vitrine

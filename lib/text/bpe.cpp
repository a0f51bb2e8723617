#include "text/bpe.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "tensor/error.h"
#include "text/byte_alphabet.h"
#include "text/json_fields.h"
#include "text/utf8.h"

namespace vitrine {

namespace {

using nlohmann::json;

void refuse_dropout(const json& model, const std::string& where) {
    const json* dropout = find_member(model, "dropout");
    if (dropout != nullptr && *dropout != 0.0) {
        throw FileError(where + ", \"dropout\"", "null", shown(*dropout),
                        "it is for training: set it to null");
    }
}

/// A character that starts, goes on with or ends a piece is spelled differently only in files of
/// tokens spelled in the alphabet of bytes (CLIP).
std::string read_suffix(const json& model, bool from_characters, const std::string& where) {
    const std::string prefix = read_text(model, "continuing_subword_prefix", "", where);
    std::string suffix = read_text(model, "end_of_word_suffix", "", where);
    if (!prefix.empty() || (!suffix.empty() && from_characters)) {
        throw FileError(where,
                        "BPE without \"continuing_subword_prefix\", and with "
                        "\"end_of_word_suffix\" only where tokens are spelled in bytes",
                        "\"" + prefix + suffix + "\"", "Vitrine does not know this kind yet");
    }
    return suffix;
}

/// One rule, as "a b" or as ["a", "b"].
std::pair<std::string, std::string> read_pair(const json& rule, const std::string& where) {
    if (rule.is_array() && rule.size() == 2 && rule[0].is_string() && rule[1].is_string()) {
        return {rule[0].get<std::string>(), rule[1].get<std::string>()};
    }
    if (rule.is_string()) {
        const auto& text = rule.get_ref<const std::string&>();
        const std::size_t space = text.find(' ');
        if (space != std::string::npos && text.find(' ', space + 1) == std::string::npos) {
            return {text.substr(0, space), text.substr(space + 1)};
        }
    }
    throw FileError(where, "two pieces: \"a b\" or [\"a\", \"b\"]", shown(rule));
}

std::vector<Merge> read_merges(const json& model, const Vocabulary& vocabulary,
                               const std::string& where) {
    std::vector<Merge> merges;
    for (const json& rule : require_member(model, "merges", json::value_t::array, where)) {
        const std::string place = where + ", merge " + std::to_string(merges.size());
        const auto [left, right] = read_pair(rule, place);
        const auto id_of = [&, &place = place](const std::string& piece) {
            if (const auto id = vocabulary.find(piece)) return *id;
            throw FileError(place, "pieces that are in the vocabulary",
                            shown(json(piece)) + ", which is not");
        };
        merges.push_back({id_of(left), id_of(right), id_of(left + right)});
    }
    return merges;
}

/// "<0xE2>".
std::string fallback_token(unsigned byte) {
    constexpr const char* digits = "0123456789ABCDEF";
    return std::string("<0x") + digits[byte / 16] + digits[byte % 16] + ">";
}

/// The tokens that are a single character.
std::unordered_map<char32_t, int> single_characters(const Vocabulary& vocabulary) {
    std::unordered_map<char32_t, int> result;
    for (int id = 0; id < vocabulary.size(); ++id) {
        const std::string& token = vocabulary.token(id);
        if (token.empty() || token.size() > 4) continue;
        const CodePoint point = read_code_point(token, 0);
        if (static_cast<std::size_t>(point.bytes) == token.size()) result[point.value] = id;
    }
    return result;
}

}  // namespace

Bpe Bpe::read(const json& model, const Vocabulary& vocabulary, const std::string& where) {
    refuse_dropout(model, where);
    Bpe bpe;
    bpe.merges_ = MergeTable(read_merges(model, vocabulary, where));
    bpe.from_characters_ = !vocabulary.byte_alphabet();
    const std::string suffix = read_suffix(model, bpe.from_characters_, where);
    for (unsigned byte = 0; byte < 256; ++byte) {
        std::string spelled;
        if (bpe.from_characters_) {
            spelled = fallback_token(byte);
        } else {
            append_code_point(spelled, byte_character(static_cast<unsigned char>(byte)));
        }
        bpe.byte_tokens_[byte] = vocabulary.find(spelled).value_or(-1);
        bpe.last_byte_tokens_[byte] = vocabulary.find(spelled + suffix).value_or(-1);
    }
    if (bpe.from_characters_) {
        bpe.characters_ = single_characters(vocabulary);
        bpe.byte_fallback_ = read_flag(model, "byte_fallback", false, where);
    }
    if (const auto unknown = read_text(model, "unk_token", "", where); !unknown.empty()) {
        const auto id = vocabulary.find(unknown);
        if (!id) {
            throw FileError(where + ", \"unk_token\"", "a token of the vocabulary",
                            shown(json(unknown)));
        }
        bpe.unknown_ = *id;
    }
    bpe.fuse_unknown_ = read_flag(model, "fuse_unk", false, where);
    if (read_flag(model, "ignore_merges", false, where)) {
        for (int id = 0; id < vocabulary.size(); ++id) {
            if (vocabulary.token(id).empty()) continue;
            const std::optional<std::string> bytes =
                bpe.from_characters_ ? vocabulary.token(id) : bytes_of_token(vocabulary.token(id));
            if (bytes) bpe.whole_[*bytes] = id;
        }
    }
    return bpe;
}

void Bpe::push_unknown(std::uint32_t bytes, bool after_unknown,
                       std::vector<Symbol>& symbols) const {
    if (unknown_ < 0) return;
    if (fuse_unknown_ && after_unknown) {
        symbols.back().bytes += bytes;
    } else {
        symbols.push_back({unknown_, bytes});
    }
}

void Bpe::start(std::string_view piece, std::vector<Symbol>& symbols) const {
    symbols.clear();
    if (from_characters_) {
        start_from_characters(piece, symbols);
        return;
    }
    bool after_unknown = false;
    for (std::size_t at = 0; at < piece.size(); ++at) {
        const auto byte = static_cast<unsigned char>(piece[at]);
        const int id = at + 1 < piece.size() ? byte_tokens_[byte] : last_byte_tokens_[byte];
        if (id >= 0) {
            symbols.push_back({id, 1});
        } else {
            push_unknown(1, after_unknown, symbols);
        }
        after_unknown = id < 0;
    }
}

void Bpe::start_from_characters(std::string_view piece, std::vector<Symbol>& symbols) const {
    bool after_unknown = false;
    for (std::size_t at = 0; at < piece.size();) {
        const CodePoint point = read_code_point(piece, at);
        const auto length = static_cast<std::size_t>(std::max(1, point.bytes));
        const std::string_view character = piece.substr(at, length);
        at += length;
        const auto known = characters_.find(point.value);
        const auto has_token = [&](char byte) {
            return byte_tokens_[static_cast<unsigned char>(byte)] >= 0;
        };
        const bool falls_back = byte_fallback_ && known == characters_.end() &&
                                std::all_of(character.begin(), character.end(), has_token);
        if (known != characters_.end()) {
            symbols.push_back({known->second, static_cast<std::uint32_t>(length)});
        } else if (falls_back) {
            for (const char byte : character)
                symbols.push_back({byte_tokens_[static_cast<unsigned char>(byte)], 1});
        } else {
            push_unknown(static_cast<std::uint32_t>(length), after_unknown, symbols);
        }
        after_unknown = known == characters_.end() && !falls_back;
    }
}

std::optional<int> Bpe::whole_piece(std::string_view piece) const {
    if (whole_.empty()) return {};
    const auto found = whole_.find(std::string(piece));
    if (found == whole_.end()) return {};
    return found->second;
}

void Bpe::encode(std::string_view piece, PieceCache& cache, std::vector<Symbol>& symbols) const {
    if (const std::span<const Symbol> known = cache.find(piece); !known.empty()) {
        symbols.assign(known.begin(), known.end());
        return;
    }
    if (const auto whole = whole_piece(piece)) {
        symbols.assign(1, {*whole, static_cast<std::uint32_t>(piece.size())});
    } else {
        start(piece, symbols);
        merge_symbols(merges_, symbols);
    }
    cache.store(piece, symbols);
}

}  // namespace vitrine

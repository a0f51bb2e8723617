#include "text/unigram.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "text/json_fields.h"
#include "text/utf8.h"

namespace vitrine {

using nlohmann::json;

namespace {

ScoredPiece read_piece(const json& entry, const std::string& where) {
    if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string() || !entry[1].is_number() ||
        !std::isfinite(entry[1].get<double>())) {
        throw FileError(where, "[token, log probability]", shown(entry));
    }
    return {entry[0].get<std::string>(), entry[1].get<double>()};
}

/// The tokens "<0x00>" to "<0xFF>"; empty unless all are there.
std::vector<int> byte_tokens(const Vocabulary& vocabulary) {
    std::vector<int> ids;
    char name[8];
    for (unsigned byte = 0; byte < 256; ++byte) {
        std::snprintf(name, sizeof name, "<0x%02X>", byte);
        const auto id = vocabulary.find(name);
        if (!id) return {};
        ids.push_back(*id);
    }
    return ids;
}

}  // namespace

Unigram Unigram::read(const json& model, Vocabulary& vocabulary, const std::string& where) {
    std::vector<ScoredPiece> pieces;
    Unigram unigram;
    for (const json& entry : require_member(model, "vocab", json::value_t::array, where)) {
        const auto id = static_cast<Index>(pieces.size());
        pieces.push_back(read_piece(entry, where + ", token " + std::to_string(id)));
        vocabulary.insert(pieces.back().text, id, where);
        unigram.lengths_.push_back(static_cast<std::uint32_t>(pieces.back().text.size()));
    }
    unigram.pieces_ = UnigramPieces(pieces);
    if (const json* unknown = find_member(model, "unk_id")) {
        if (!unknown->is_number_unsigned() || *unknown >= pieces.size()) {
            throw FileError(where + ", \"unk_id\"", "the id of a token", shown(*unknown));
        }
        unigram.unknown_ = unknown->get<int>();
    }
    if (read_flag(model, "byte_fallback", false, where))
        unigram.byte_tokens_ = byte_tokens(vocabulary);
    return unigram;
}

void Unigram::push_unknown(std::string_view bytes, std::vector<Symbol>& symbols) const {
    const auto length = static_cast<std::uint32_t>(bytes.size());
    if (byte_tokens_.empty()) {
        if (unknown_ >= 0) symbols.push_back({unknown_, length});
        return;
    }
    for (std::size_t i = 0; i < bytes.size(); ++i)
        symbols.push_back(
            {byte_tokens_[static_cast<unsigned char>(bytes[i])], i == 0 ? length : 0});
}

void Unigram::encode(std::string_view word, PieceCache& cache, std::vector<Symbol>& symbols) const {
    if (const std::span<const Symbol> known = cache.find(word); !known.empty()) {
        symbols.assign(known.begin(), known.end());
        return;
    }
    LatticeMemory memory;
    best_path(pieces_, word, memory);
    symbols.clear();
    std::size_t at = 0;
    std::size_t unknown_begin = 0;  // the bytes from here to `at` are in no token
    for (const int piece : memory.path) {
        const bool is_unknown = piece < 0 || piece == unknown_;
        if (!is_unknown && unknown_begin < at)
            push_unknown(word.substr(unknown_begin, at - unknown_begin), symbols);
        if (piece < 0) {
            at += static_cast<std::size_t>(std::max(1, read_code_point(word, at).bytes));
        } else {
            at += lengths_[static_cast<std::size_t>(piece)];
        }
        if (is_unknown) continue;
        symbols.push_back({piece, lengths_[static_cast<std::size_t>(piece)]});
        unknown_begin = at;
    }
    if (unknown_begin < at) push_unknown(word.substr(unknown_begin, at - unknown_begin), symbols);
    cache.store(word, symbols);
}

}  // namespace vitrine

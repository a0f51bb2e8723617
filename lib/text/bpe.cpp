#include "text/bpe.h"

#include <utility>

#include "tensor/error.h"
#include "text/byte_alphabet.h"
#include "text/json_fields.h"
#include "text/utf8.h"

namespace vitrine {

namespace {

using nlohmann::json;

void refuse_options(const json& model, const std::string& where) {
    for (const char* option : {"continuing_subword_prefix", "end_of_word_suffix"}) {
        if (!read_text(model, option, "", where).empty()) {
            throw FileError(where + ", \"" + option + "\"", "null", shown(model[option]),
                            "Vitrine does not know this option of BPE yet");
        }
    }
    if (read_flag(model, "byte_fallback", false, where)) {
        throw FileError(where + ", \"byte_fallback\"", "false", "true",
                        "Vitrine does not know this option of BPE yet");
    }
    const json* dropout = find_member(model, "dropout");
    if (dropout != nullptr && *dropout != 0.0) {
        throw FileError(where + ", \"dropout\"", "null", shown(*dropout),
                        "it is for training: set it to null");
    }
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

}  // namespace

Bpe Bpe::read(const json& model, const Vocabulary& vocabulary, const std::string& where) {
    refuse_options(model, where);
    Bpe bpe;
    bpe.merges_ = MergeTable(read_merges(model, vocabulary, where));
    for (unsigned byte = 0; byte < 256; ++byte) {
        std::string character;
        append_code_point(character, byte_character(static_cast<unsigned char>(byte)));
        bpe.byte_tokens_[byte] = vocabulary.find(character).value_or(-1);
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
            if (const auto bytes = bytes_of_token(vocabulary.token(id))) bpe.whole_[*bytes] = id;
        }
    }
    return bpe;
}

void Bpe::start(std::string_view piece, std::vector<Symbol>& symbols) const {
    symbols.clear();
    bool after_unknown = false;
    for (const char byte : piece) {
        const int id = byte_tokens_[static_cast<unsigned char>(byte)];
        if (id >= 0) {
            symbols.push_back({id, 1});
        } else if (unknown_ >= 0 && fuse_unknown_ && after_unknown) {
            ++symbols.back().bytes;
        } else if (unknown_ >= 0) {
            symbols.push_back({unknown_, 1});
        }
        after_unknown = id < 0;
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

#include "text/word_piece.h"

#include <nlohmann/json.hpp>

#include "text/json_fields.h"
#include "text/utf8.h"

namespace vitrine {

WordPiece WordPiece::read(const nlohmann::json& model, const Vocabulary& vocabulary,
                          const std::string& where) {
    WordPiece pieces;
    const std::string prefix = read_text(model, "continuing_subword_prefix", "##", where);
    for (int id = 0; id < vocabulary.size(); ++id) {
        const std::string& token = vocabulary.token(id);
        if (token.empty()) continue;  // an added token's place
        pieces.first_.insert(token, id);
        if (token.starts_with(prefix)) pieces.further_.insert(token.substr(prefix.size()), id);
    }
    const std::string unknown = read_text(model, "unk_token", "[UNK]", where);
    const auto id = vocabulary.find(unknown);
    if (!id) {
        throw FileError(where + ", \"unk_token\"", "a token of the vocabulary",
                        shown(nlohmann::json(unknown)));
    }
    pieces.unknown_ = *id;
    if (const auto* longest = find_member(model, "max_input_chars_per_word")) {
        if (!longest->is_number_unsigned() || *longest > 10000) {
            throw FileError(where + ", \"max_input_chars_per_word\"", "a number up to 10000",
                            shown(*longest));
        }
        pieces.longest_ = longest->get<Index>();
    }
    return pieces;
}

void WordPiece::encode(std::string_view word, PieceCache& cache,
                       std::vector<Symbol>& symbols) const {
    if (const std::span<const Symbol> known = cache.find(word); !known.empty()) {
        symbols.assign(known.begin(), known.end());
        return;
    }
    symbols.clear();
    const auto give_up = [&] {
        symbols.assign(1, {unknown_, static_cast<std::uint32_t>(word.size())});
    };
    std::size_t begin = 0;
    if (count_characters(word) > longest_) begin = word.size(), give_up();
    while (begin < word.size()) {
        const ByteTrie& tokens = begin == 0 ? first_ : further_;
        Symbol longest;
        ByteTrie::Node node = ByteTrie::root;
        for (std::size_t at = begin; at < word.size(); ++at) {
            node = tokens.next(node, word[at]);
            if (node == ByteTrie::nowhere) break;
            if (tokens.value(node) >= 0)
                longest = {tokens.value(node), static_cast<std::uint32_t>(at + 1 - begin)};
        }
        if (longest.bytes == 0) {
            give_up();
            break;
        }
        symbols.push_back(longest);
        begin += longest.bytes;
    }
    cache.store(word, symbols);
}

}  // namespace vitrine

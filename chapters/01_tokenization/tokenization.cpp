// Byte pair encoding from nothing: count, merge, train, encode, decode; and WordPiece to compare.
// The clear version. lib/text/ is the fast one, for every tokenizer.json.
#include "tokenization.h"

#include "text/utf8.h"

namespace vitrine::chapters {

std::vector<int> bytes_of(std::string_view text) {
    std::vector<int> ids;
    for (const char byte : text) ids.push_back(static_cast<unsigned char>(byte));
    return ids;
}

std::map<Pair, int> count_pairs(std::span<const int> ids) {
    // [marker:count]
    std::map<Pair, int> counts;
    for (std::size_t i = 0; i + 1 < ids.size(); ++i) ++counts[{ids[i], ids[i + 1]}];
    return counts;
    // [/marker]
}

std::vector<int> merge(std::span<const int> ids, Pair pair, int token) {
    // [marker:merge]
    std::vector<int> result;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const bool fits = i + 1 < ids.size() && ids[i] == pair.first && ids[i + 1] == pair.second;
        result.push_back(fits ? token : ids[i]);
        if (fits) ++i;  // the second of the two is used up
    }
    return result;
    // [/marker]
}

std::vector<Pair> train(std::string_view text, int merges) {
    // [marker:train]
    std::vector<int> ids = bytes_of(text);
    std::vector<Pair> rules;
    while (static_cast<int>(rules.size()) < merges) {
        Pair best;
        int most = 1;  // a pair that occurs once is not worth a token
        for (const auto& [pair, count] : count_pairs(ids)) {
            if (count > most) {  // of equals the first: the map has them in order
                best = pair;
                most = count;
            }
        }
        if (most == 1) break;
        ids = merge(ids, best, 256 + static_cast<int>(rules.size()));
        rules.push_back(best);
    }
    return rules;
    // [/marker]
}

std::vector<int> encode(std::string_view text, std::span<const Pair> rules) {
    // [marker:encode]
    std::vector<int> ids = bytes_of(text);
    for (std::size_t k = 0; k < rules.size(); ++k) ids = merge(ids, rules[k], 256 + int(k));
    return ids;
    // [/marker]
}

std::string decode(std::span<const int> ids, std::span<const Pair> rules) {
    // [marker:decode]
    std::vector<std::string> bytes;  // of every token
    bytes.reserve(256 + rules.size());
    for (int byte = 0; byte < 256; ++byte) bytes.emplace_back(1, static_cast<char>(byte));
    for (const auto& [left, right] : rules) {
        bytes.push_back(bytes[std::size_t(left)] + bytes[std::size_t(right)]);
    }
    std::string text;
    for (const int id : ids) text += bytes.at(std::size_t(id));
    return repair_utf8(text);  // once, when all the bytes are there
    // [/marker]
}

std::vector<std::string> word_pieces(std::string_view word,
                                     const std::set<std::string>& vocabulary) {
    // [marker:wordpiece]
    std::vector<std::string> pieces;
    for (std::size_t begin = 0; begin < word.size();) {
        std::size_t end = word.size();
        std::string piece;
        for (; end > begin; --end) {  // the longest first
            piece = (begin > 0 ? "##" : "") + std::string(word.substr(begin, end - begin));
            if (vocabulary.count(piece) != 0) break;
        }
        if (end == begin) return {"[UNK]"};
        pieces.push_back(piece);
        begin = end;
    }
    return pieces;
    // [/marker]
}

}  // namespace vitrine::chapters

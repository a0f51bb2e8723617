// Chapter 01.
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nn/parts.h"
#include "text/utf8.h"

namespace vitrine::mine {

/// Two neighbouring tokens, by id. The ids 0 to 255 are the bytes; rule k makes token 256 + k.
using Pair = std::pair<int, int>;

/// The bytes of a text as ids from 0 to 255.
inline std::vector<int> bytes_of(std::string_view text) {
    std::vector<int> ids;
    for (const char byte : text) ids.push_back(static_cast<unsigned char>(byte));
    return ids;
}

std::map<Pair, int> count_pairs(std::span<const int> ids) {
    std::map<Pair, int> counts;
    for (std::size_t i = 0; i + 1 < ids.size(); ++i) ++counts[{ids[i], ids[i + 1]}];
    return counts;
}

std::vector<int> merge(std::span<const int> ids, Pair pair, int token) {
    std::vector<int> result;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const bool fits = i + 1 < ids.size() && ids[i] == pair.first && ids[i + 1] == pair.second;
        result.push_back(fits ? token : ids[i]);
        if (fits) ++i;
    }
    return result;
}

std::vector<Pair> train(std::string_view text, int merges) {
    std::vector<int> ids = bytes_of(text);
    std::vector<Pair> rules;
    while (static_cast<int>(rules.size()) < merges) {
        Pair best;
        int most = 1;
        for (const auto& [pair, count] : count_pairs(ids)) {
            if (count > most) {
                best = pair;
                most = count;
            }
        }
        if (most == 1) break;
        ids = merge(ids, best, 256 + static_cast<int>(rules.size()));
        rules.push_back(best);
    }
    return rules;
}

std::vector<int> encode(std::string_view text, std::span<const Pair> rules) {
    std::vector<int> ids = bytes_of(text);
    for (std::size_t k = 0; k < rules.size(); ++k) {
        ids = merge(ids, rules[k], 256 + static_cast<int>(k));
    }
    return ids;
}

std::string decode(std::span<const int> ids, std::span<const Pair> rules) {
    std::vector<std::string> bytes;
    for (int byte = 0; byte < 256; ++byte) bytes.emplace_back(1, static_cast<char>(byte));
    for (const auto& [left, right] : rules) {
        bytes.push_back(bytes[static_cast<std::size_t>(left)] +
                        bytes[static_cast<std::size_t>(right)]);
    }
    std::string text;
    for (const int id : ids) text += bytes.at(static_cast<std::size_t>(id));
    return repair_utf8(text);
}

}  // namespace vitrine::mine

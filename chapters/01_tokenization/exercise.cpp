// Chapter 01: tokenization. Write the five functions; `vitrine check 01_tokenization` tells you how
// far they go. A parameter's name stands in a comment until you use it: take the comment signs off.
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

/// How often each pair of neighbours occurs: in a b a b the pair (a, b) occurs twice, (b, a) once.
///
/// @param ids  tokens
/// @return     a count for every pair that occurs
std::map<Pair, int> count_pairs(std::span<const int> ids) {
    std::map<Pair, int> counts;
    return counts;
}

/// Every `pair` as one token. Goes from left to right, and uses a token once: a a a with the pair
/// (a, a) becomes "token a".
///
/// @param ids    tokens
/// @param pair   the two neighbours that become one
/// @param token  the id they become
/// @return       the tokens afterwards
std::vector<int> merge(std::span<const int> /*ids*/, Pair /*pair*/, int /*token*/) {
    throw Todo("merge");
}

/// Learns rules: the most frequent pair of the text becomes a token, then the most frequent pair of
/// what that gives, and so on. Of equally frequent pairs the smaller one (Pair has a <, and a
/// std::map is in that order).
///
/// @param text    to learn from; start with bytes_of(text)
/// @param merges  at most so many rules; fewer when no pair occurs twice any more
/// @return        the pairs in the order in which they were learnt; rule k made token 256 + k
std::vector<Pair> train(std::string_view /*text*/, int /*merges*/) {
    throw Todo("train");
}

/// The tokens of a text. The rule that was learnt first is applied first, wherever it fits; then
/// the second; and so on.
///
/// @param rules  what `train` returned
std::vector<int> encode(std::string_view /*text*/, std::span<const Pair> /*rules*/) {
    throw Todo("encode");
}

/// The text of tokens: the way back.
///
/// @param ids    from 0 to 255 + rules.size()
/// @param rules  what `train` returned: token 256 + k stands for what both tokens of rule k stand
/// for
/// @return       UTF-8. Handy: repair_utf8(bytes) puts U+FFFD where bytes are no character
std::string decode(std::span<const int> /*ids*/, std::span<const Pair> /*rules*/) {
    throw Todo("decode");
}

}  // namespace vitrine::mine

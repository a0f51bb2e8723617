#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vitrine::chapters {

/// Two neighbouring tokens, by id. The ids 0 to 255 are the bytes; rule k makes token 256 + k.
using Pair = std::pair<int, int>;

/// The bytes of a text as ids.
std::vector<int> bytes_of(std::string_view text);

/// How often each pair of neighbours occurs: "aaa" has the pair (a, a) twice.
std::map<Pair, int> count_pairs(std::span<const int> ids);

/// Every `pair` as one token, from left to right; a token is used once: "aaa" becomes "(aa) a".
std::vector<int> merge(std::span<const int> ids, Pair pair, int token);

/// Learns up to `merges` rules: again and again the most frequent pair becomes a token. Of equally
/// frequent ones the pair with the smaller ids. Ends when no pair occurs twice.
std::vector<Pair> train(std::string_view text, int merges);

/// The tokens of a text: the rule that was learnt first is applied first, wherever it fits.
std::vector<int> encode(std::string_view text, std::span<const Pair> rules);

/// The text of tokens. What is not UTF-8 becomes U+FFFD.
std::string decode(std::span<const int> ids, std::span<const Pair> rules);

/// WordPiece, for comparison: the longest piece of the vocabulary first, then the longest that fits
/// behind it; pieces inside of a word begin with "##". {"[UNK]"} if a rest fits nothing.
std::vector<std::string> word_pieces(std::string_view word,
                                     const std::set<std::string>& vocabulary);

}  // namespace vitrine::chapters

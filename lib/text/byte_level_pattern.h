// GPT-2's pattern, which cuts a text before pairs are merged: a scanner written by hand, because a
// general regular expression would take most of the time of encoding.
#pragma once

#include <cstddef>
#include <string_view>

namespace vitrine {

/// The end of the match that starts at byte `at` of
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
/// Every character is in some match, so the matches cut the whole text.
/// @param text  valid UTF-8; at < text.size()
/// Source: Radford et al. 2019, encoder.py.
std::size_t byte_level_match_end(std::string_view text, std::size_t at);

}  // namespace vitrine

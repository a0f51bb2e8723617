// GPT-2's pre-tokenizer: where the text is cut before pairs are merged.
#pragma once

#include <cstddef>
#include <string_view>

namespace vitrine {

/// The end of the piece that starts at byte `at`, by GPT-2's pattern
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
/// @param text  valid UTF-8
/// Source: Radford et al. 2019, encoder.py.
std::size_t byte_level_piece_end(std::string_view text, std::size_t at);

}  // namespace vitrine

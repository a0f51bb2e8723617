// What a reader takes for one character: "é" as two code points, a family emoji as seven.
// Source: Unicode Standard Annex 29, by utf8proc.
#pragma once

#include <cstddef>
#include <string_view>

namespace vitrine {

/// Byte offset of the end of the grapheme that starts at byte `at`; the size of the text at its
/// end.
std::size_t next_grapheme(std::string_view text, std::size_t at);

/// Byte offset of the start of the grapheme that ends at byte `at`; 0 at the start.
std::size_t previous_grapheme(std::string_view text, std::size_t at);

}  // namespace vitrine

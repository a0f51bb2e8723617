// What pieces of text were encoded to: the same few thousand words make up most of any text.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "text/merge.h"

namespace vitrine {

/// A table of fixed size in which a new piece takes the place of an old one. Not for several
/// threads at once: each has its own.
class PieceCache {
   public:
    /// The symbols of a piece; empty if it isn't here.
    std::span<const Symbol> find(std::string_view piece) const;
    /// Keeps the symbols of a piece, unless it is long.
    void store(std::string_view piece, std::span<const Symbol> symbols);

   private:
    static constexpr std::size_t slots = 1U << 13U;
    static constexpr std::size_t longest_piece = 30;
    static constexpr std::size_t most_symbols = 12;
    struct Slot {
        std::uint8_t size = 0, count = 0;
        std::array<char, longest_piece> piece{};
        std::array<Symbol, most_symbols> symbols{};
    };
    static std::size_t slot_of(std::string_view piece);
    std::vector<Slot> slots_ = std::vector<Slot>(slots);
};

}  // namespace vitrine

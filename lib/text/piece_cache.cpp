#include "text/piece_cache.h"

#include <algorithm>
#include <cstring>

namespace vitrine {

std::size_t PieceCache::slot_of(std::string_view piece) {
    std::uint64_t hash = piece.size();
    for (std::size_t at = 0; at < piece.size(); at += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, piece.data() + at, std::min<std::size_t>(8, piece.size() - at));
        hash = (hash ^ eight) * 0x9e3779b97f4a7c15U;
        hash ^= hash >> 32U;
    }
    return hash % slots;
}

std::span<const Symbol> PieceCache::find(std::string_view piece) const {
    if (piece.empty() || piece.size() > longest_piece) return {};
    const Slot& slot = slots_[slot_of(piece)];
    if (std::string_view(slot.piece.data(), slot.size) != piece) return {};
    return {slot.symbols.data(), slot.count};
}

void PieceCache::store(std::string_view piece, std::span<const Symbol> symbols) {
    if (piece.empty() || piece.size() > longest_piece || symbols.size() > most_symbols) return;
    Slot& slot = slots_[slot_of(piece)];
    slot.size = static_cast<std::uint8_t>(piece.size());
    slot.count = static_cast<std::uint8_t>(symbols.size());
    std::copy(piece.begin(), piece.end(), slot.piece.begin());
    std::copy(symbols.begin(), symbols.end(), slot.symbols.begin());
}

}  // namespace vitrine

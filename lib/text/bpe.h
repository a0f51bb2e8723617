// Byte pair encoding: pieces are joined by the rule that was learnt first, until no rule fits.
// Source: Sennrich, Haddow and Birch 2016.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vitrine {

/// A merge rule: two neighbours that become one.
struct Merge {
    int left = 0, right = 0;  // ids
    int result = 0;           // id of the joined piece
};

/// The rules by pair of ids, in an open-addressed table: encoding asks it a few times a byte.
class MergeTable {
   public:
    /// @param merges  in order of rank
    explicit MergeTable(const std::vector<Merge>& merges);
    struct Rule {
        int rank = -1, result = 0;  // rank -1: no rule
    };
    Rule find(int left, int right) const;
    std::size_t size() const { return count_; }

   private:
    struct Slot {
        std::uint64_t pair = empty;
        int rank = -1, result = 0;
    };
    static constexpr std::uint64_t empty = ~std::uint64_t{0};
    std::size_t slot_of(std::uint64_t pair) const;
    std::vector<Slot> slots_;
    unsigned shift_ = 60;
    std::size_t count_ = 0;
};

/// Called for every merge: its rank, the position of the joined piece, and the ids afterwards.
using OnMerge = std::function<void(int rank, std::size_t position, std::span<const int> ids)>;

/// Joins `ids` in place by rank, leftmost first among equals. n log n in the length.
void merge_pieces(const MergeTable& table, std::vector<int>& ids);
/// The same, telling of every step; for the replay.
void merge_pieces(const MergeTable& table, std::vector<int>& ids, const OnMerge& on_merge);

}  // namespace vitrine

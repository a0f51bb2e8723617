// The merge rules of byte pair encoding, found by the pair they join.
#pragma once

#include <cstdint>
#include <vector>

#include "tensor/tensor.h"

namespace vitrine {

/// Two neighbours, by id, that become one.
struct Merge {
    int left = 0, right = 0;
    int result = 0;
};

/// A rule that was found. A smaller rank was learnt earlier and is applied first.
struct RankedMerge {
    int rank = -1;  // -1: there is no rule for the pair
    int result = 0;
};

/// An open-addressed hash table: encoding asks it two or three times a byte.
class MergeTable {
   public:
    /// @param merges  in order of rank; of rules for the same pair the last counts
    explicit MergeTable(const std::vector<Merge>& merges = {});
    RankedMerge find(int left, int right) const {
        const Slot& slot = slots_[slot_of(key(left, right))];
        return {slot.rank, slot.result};
    }
    /// Number of pairs that have a rule.
    Index size() const { return size_; }

   private:
    struct Slot {
        std::uint64_t key = empty;
        int rank = -1, result = 0;
    };
    static constexpr std::uint64_t empty = ~std::uint64_t{0};
    static std::uint64_t key(int left, int right) {
        return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32U) |
               static_cast<std::uint32_t>(right);
    }
    std::size_t slot_of(std::uint64_t key) const {
        std::size_t slot = (key * 0x9e3779b97f4a7c15U) >> shift_;
        while (slots_[slot].key != key && slots_[slot].key != empty) {
            slot = (slot + 1) & (slots_.size() - 1);
        }
        return slot;
    }

    std::vector<Slot> slots_;
    unsigned shift_ = 0;
    Index size_ = 0;
};

}  // namespace vitrine

#include "text/merge_table.h"

#include <algorithm>
#include <bit>

namespace vitrine {

MergeTable::MergeTable(const std::vector<Merge>& merges) {
    // At most half full, so that a search for a pair without a rule ends soon.
    const std::size_t slots = std::bit_ceil(std::max<std::size_t>(16, 2 * merges.size()));
    slots_.resize(slots);
    shift_ = 64U - static_cast<unsigned>(std::countr_zero(slots));
    for (std::size_t rank = 0; rank < merges.size(); ++rank) {
        const Merge& merge = merges[rank];
        Slot& slot = slots_[slot_of(key(merge.left, merge.right))];
        if (slot.key == empty) ++size_;
        slot = {key(merge.left, merge.right), static_cast<int>(rank), merge.result};
    }
}

}  // namespace vitrine

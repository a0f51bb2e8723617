#include "text/byte_trie.h"

namespace vitrine {

void ByteTrie::insert(std::string_view text, int value) {
    Node node = root;
    for (const char byte : text) {
        Node child = next(node, byte);
        if (child == nowhere) {
            child = static_cast<Node>(values_.size());
            values_.push_back(-1);
            if (2 * values_.size() > slots_.size()) grow();
            put(key(node, byte), child);
        }
        node = child;
    }
    values_[node] = value;
}

void ByteTrie::put(std::uint64_t wanted, Node child) {
    std::size_t at = slot_of(wanted);
    while (slots_[at].key != empty) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {wanted, child};
}

void ByteTrie::grow() {
    const std::vector<Slot> old = std::move(slots_);
    slots_.assign(old.empty() ? 64 : 2 * old.size(), {});
    for (const Slot& slot : old) {
        if (slot.key != empty) put(slot.key, slot.child);
    }
}

}  // namespace vitrine

// A set of strings as a tree of their bytes: finds all of them that start at a place, in one walk.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace vitrine {

class ByteTrie {
   public:
    using Node = std::uint32_t;
    static constexpr Node root = 0, nowhere = UINT32_MAX;

    /// Adds a string with a value of 0 or more; a string that is there gets the new value.
    void insert(std::string_view text, int value);

    /// One step down; nowhere if no string goes on with this byte.
    Node next(Node node, char byte) const {
        if (slots_.empty()) return nowhere;
        const std::uint64_t wanted = key(node, byte);
        for (std::size_t at = slot_of(wanted);; at = (at + 1) & (slots_.size() - 1)) {
            if (slots_[at].key == wanted) return slots_[at].child;
            if (slots_[at].key == empty) return nowhere;
        }
    }
    /// The value of the string that ends here, or -1.
    int value(Node node) const { return values_[node]; }

   private:
    struct Slot {
        std::uint64_t key = empty;  // of the parent and the byte
        Node child = nowhere;
    };
    static constexpr std::uint64_t empty = ~std::uint64_t{0};
    static std::uint64_t key(Node node, char byte) {
        return (std::uint64_t{node} << 8U) | static_cast<unsigned char>(byte);
    }
    std::size_t slot_of(std::uint64_t wanted) const {
        constexpr std::uint64_t golden = 0x9e3779b97f4a7c15U;  // Knuth's multiplicative hashing
        return static_cast<std::size_t>((wanted * golden) >> 20U) & (slots_.size() - 1);
    }
    void put(std::uint64_t wanted, Node child);
    void grow();

    std::vector<Slot> slots_;  // open addressing; a power of two, at most half full
    std::vector<int> values_ = {-1};
};

}  // namespace vitrine

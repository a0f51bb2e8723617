// Texts that must not be trained on, and the question whether a text is part of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "tensor/tensor.h"

namespace vitrine::train {

class HeldOut {
   public:
    /// Adds a text; runs of white space count as one space, here and below.
    void add(std::string_view text);
    /// True if `unit` stands in one of the texts. A unit of under 24 bytes is never said to: such
    /// short ones ("Yes.") stand everywhere.
    bool contains(std::string_view unit) const;

   private:
    std::string text_;                          // all of them, with '\0' between
    std::unordered_set<std::uint64_t> starts_;  // hashes of all pieces of 24 bytes
};

}  // namespace vitrine::train

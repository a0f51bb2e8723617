// Where bytes are, counted in characters.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "tensor/tensor.h"
#include "text/aligned_text.h"
#include "text/utf8.h"

namespace vitrine {

/// Turns byte ranges of a text into ranges of characters. It keeps its place, so that ranges that
/// come in order are counted in one pass.
class CharacterOffsets {
   public:
    /// @param text  valid UTF-8
    explicit CharacterOffsets(std::string_view text) : text_(text) {}

    /// [begin, end) in characters. A range that holds a part of a character gets all of it, as in
    /// tokenizers.
    std::array<Index, 2> of(ByteRange range) {
        move_to(range.begin);
        const bool inside = at_ < text_.size() && is_continuation(text_[at_]);
        const Index begin = inside ? count_ - 1 : count_;
        move_to(range.end);
        return {begin, count_};
    }

   private:
    void move_to(std::size_t byte) {
        for (; at_ < byte; ++at_) count_ += is_continuation(text_[at_]) ? 0 : 1;
        for (; at_ > byte; --at_) count_ -= is_continuation(text_[at_ - 1]) ? 0 : 1;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    Index count_ = 0;  // characters that start before at_
};

}  // namespace vitrine

// A stretch of the learner's text as the steps of a tokenizer have changed it, with the way back:
// every byte knows which bytes of the text it came from.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine {

/// Bytes of a text, [begin, end).
struct ByteRange {
    std::size_t begin = 0, end = 0;

    std::size_t size() const { return end - begin; }
    friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// The part of `text` that a range means.
inline std::string_view part_of(std::string_view text, ByteRange range) {
    return text.substr(range.begin, range.size());
}

class AlignedText {
   public:
    /// A part of the text, unchanged. `source` must outlive this.
    AlignedText(std::string_view source, ByteRange part)
        : unchanged_(part_of(source, part)), begin_(part.begin) {}

    /// What the next step sees.
    std::string_view bytes() const { return is_changed_ ? changed_ : unchanged_; }
    /// The bytes of the source that `range` of bytes() came from.
    ByteRange source(ByteRange range) const;
    AlignedText part(ByteRange range) const;

    /// Puts text in front. It counts as made from the first character, as in tokenizers'
    /// NormalizedString::prepend; an empty text stays empty.
    void prepend(std::string_view front);

    /// The text written anew, part after part.
    class Rewrite {
       public:
        explicit Rewrite(const AlignedText& old);
        /// A part of the old bytes() as it is.
        void keep(ByteRange part);
        /// Text that counts as made from a part of the old bytes().
        void put(std::string_view text, ByteRange from);

       private:
        friend class AlignedText;
        const AlignedText& old_;
        std::string text_;
        std::vector<ByteRange> origins_;
    };
    /// Takes what was written in the place of what was there.
    void replace_by(Rewrite&& rewrite);

   private:
    std::string_view unchanged_;  // a part of the source
    std::size_t begin_ = 0;       // of unchanged_ in the source
    bool is_changed_ = false;     // then these hold:
    std::string changed_;
    std::vector<ByteRange> origins_;  // of each byte of changed_
};

}  // namespace vitrine

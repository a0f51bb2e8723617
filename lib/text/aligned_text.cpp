#include "text/aligned_text.h"

#include <algorithm>

#include "text/utf8.h"

namespace vitrine {

ByteRange AlignedText::source(ByteRange range) const {
    if (!is_changed_) return {begin_ + range.begin, begin_ + range.end};
    if (range.size() == 0) return {};
    return {origins_[range.begin].begin, origins_[range.end - 1].end};
}

AlignedText AlignedText::part(ByteRange range) const {
    AlignedText result = *this;
    if (is_changed_) {
        result.changed_ = part_of(changed_, range);
        result.origins_ = {origins_.begin() + static_cast<std::ptrdiff_t>(range.begin),
                           origins_.begin() + static_cast<std::ptrdiff_t>(range.end)};
    } else {
        result.unchanged_ = part_of(unchanged_, range);
        result.begin_ += range.begin;
    }
    return result;
}

AlignedText::Rewrite::Rewrite(const AlignedText& old) : old_(old) {
    text_.reserve(old.bytes().size() + 16);
    origins_.reserve(old.bytes().size() + 16);
}

void AlignedText::Rewrite::keep(ByteRange part) {
    text_ += part_of(old_.bytes(), part);
    for (std::size_t at = part.begin; at < part.end; ++at)
        origins_.push_back(old_.source({at, at + 1}));
}

void AlignedText::Rewrite::put(std::string_view text, ByteRange from) {
    text_ += text;
    origins_.insert(origins_.end(), text.size(), old_.source(from));
}

void AlignedText::replace_by(Rewrite&& rewrite) {
    changed_ = std::move(rewrite.text_);
    origins_ = std::move(rewrite.origins_);
    is_changed_ = true;
}

void AlignedText::prepend(std::string_view front) {
    const std::string_view old = bytes();
    if (old.empty()) return;
    Rewrite rewrite(*this);
    rewrite.put(front, {0, static_cast<std::size_t>(std::max(1, read_code_point(old, 0).bytes))});
    rewrite.keep({0, old.size()});
    replace_by(std::move(rewrite));
}

}  // namespace vitrine

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

void AlignedText::prepend(std::string_view front) {
    if (bytes().empty()) return;
    const auto length = static_cast<std::size_t>(std::max(1, read_code_point(bytes(), 0).bytes));
    std::vector<ByteRange> origins(front.size(), source({0, length}));
    origins.reserve(front.size() + bytes().size());
    for (std::size_t at = 0; at < bytes().size(); ++at) origins.push_back(source({at, at + 1}));
    changed_ = std::string(front) + std::string(bytes());
    origins_ = std::move(origins);
    is_changed_ = true;
}

void AlignedText::replace_all(std::string_view from, std::string_view to) {
    const std::string_view old = bytes();
    std::size_t found = from.empty() ? std::string_view::npos : old.find(from);
    if (found == std::string_view::npos) return;
    std::string text;
    std::vector<ByteRange> origins;
    text.reserve(old.size() + old.size() / 2);
    std::size_t at = 0;
    const auto keep_until = [&](std::size_t end) {
        text += old.substr(at, end - at);
        for (; at < end; ++at) origins.push_back(source({at, at + 1}));
    };
    for (; found != std::string_view::npos; found = old.find(from, at)) {
        keep_until(found);
        const std::size_t end = found + from.size();
        std::size_t last = end - 1;  // where its last character starts
        while (last > found && is_continuation(old[last])) --last;
        origins.insert(origins.end(), to.size(), source({last, end}));
        text += to;
        at = end;
    }
    keep_until(old.size());
    changed_ = std::move(text);
    origins_ = std::move(origins);
    is_changed_ = true;
}

}  // namespace vitrine

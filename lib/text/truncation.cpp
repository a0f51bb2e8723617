#include "text/truncation.h"

#include <algorithm>

#include "tensor/error.h"

namespace vitrine {

namespace {

template <class T>
std::vector<T> part(const std::vector<T>& list, Index begin, Index end) {
    return {list.begin() + begin, list.begin() + end};
}

Encoding part(const Encoding& text, Index begin, Index end) {
    return {part(text.ids, begin, end), part(text.tokens, begin, end),
            part(text.offsets, begin, end), part(text.type_ids, begin, end)};
}

}  // namespace

PairLengths truncated_lengths(Index first, Index second, Index room, Truncation::Pair pair) {
    if (first + second <= room) return {first, second};
    const Index too_many = first + second - room;
    if (pair != Truncation::Pair::longest_first) {
        const bool cuts_first = pair == Truncation::Pair::only_first;
        Index& cut = cuts_first ? first : second;
        if (cut <= too_many) {
            throw ArgumentError(cuts_first ? "first text" : "second text",
                                "more than " + std::to_string(too_many) + " tokens to cut off",
                                std::to_string(cut));
        }
        cut -= too_many;
        return {first, second};
    }
    // The longer one gives way until both are as long.
    Index shorter = std::min(first, second), longer = room - shorter;
    if (longer < shorter) {
        shorter = room / 2;
        longer = room - shorter;
    }
    return first <= second ? PairLengths{shorter, longer} : PairLengths{longer, shorter};
}

std::vector<Encoding> windows(const Encoding& text, Index length, Index stride, Side side) {
    const auto size = static_cast<Index>(text.ids.size());
    if (size <= length) return {text};
    if (length == 0) return {Encoding{}, text};
    if (stride < 0 || stride >= length) {
        throw ArgumentError("stride", "0 to " + std::to_string(length - 1), std::to_string(stride),
                            "a window must go on by at least one token");
    }
    std::vector<Encoding> result;
    const Index step = length - stride;
    if (side == Side::right) {
        for (Index begin = 0;; begin += step) {
            const Index end = std::min(begin + length, size);
            result.push_back(part(text, begin, end));
            if (end == size) return result;
        }
    }
    for (Index end = size;; end -= step) {
        const Index begin = std::max(end - length, Index{0});
        result.push_back(part(text, begin, end));
        if (begin == 0) return result;
    }
}

PaddedTexts pad(std::span<const Encoding> texts, const Padding& padding) {
    if (padding.multiple_of < 1)
        throw ArgumentError("multiple_of", "1 or more", std::to_string(padding.multiple_of));
    PaddedTexts result;
    result.B = static_cast<Index>(texts.size());
    Index longest = 0;
    for (const Encoding& each : texts)
        longest = std::max(longest, static_cast<Index>(each.ids.size()));
    if (padding.length > 0 && longest > padding.length) {
        throw ArgumentError("texts", "at most " + std::to_string(padding.length) + " tokens each",
                            std::to_string(longest), "truncate them first");
    }
    const Index wanted = padding.length > 0 ? padding.length : longest;
    const Index of = padding.multiple_of;
    result.T = (wanted + of - 1) / of * of;
    for (const Encoding& each : texts) {
        const auto missing = static_cast<std::size_t>(result.T) - each.ids.size();
        const auto add_row = [&](std::vector<int>& to, const std::vector<int>& from, int filling) {
            if (padding.side == Side::left) to.insert(to.end(), missing, filling);
            to.insert(to.end(), from.begin(), from.end());
            if (padding.side == Side::right) to.insert(to.end(), missing, filling);
        };
        add_row(result.ids, each.ids, padding.id);
        add_row(result.type_ids, each.type_ids, padding.type_id);
        add_row(result.mask, std::vector<int>(each.ids.size(), 1), 0);
    }
    return result;
}

}  // namespace vitrine

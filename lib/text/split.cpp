#include "text/split.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "text/json_fields.h"

namespace vitrine {

using nlohmann::json;

namespace {

/// Joins each match with the stretch before it.
std::vector<ByteRange> merged_with_previous(const std::vector<Stretch>& stretches) {
    std::vector<ByteRange> pieces;
    bool after_match = false;
    for (const Stretch& stretch : stretches) {
        if (stretch.is_match && !after_match && !pieces.empty()) {
            pieces.back().end = stretch.range.end;
        } else {
            pieces.push_back(stretch.range);
        }
        after_match = stretch.is_match;
    }
    return pieces;
}

std::vector<ByteRange> merged_with_next(const std::vector<Stretch>& stretches) {
    std::vector<ByteRange> pieces;
    bool before_match = false;
    for (auto stretch = stretches.rbegin(); stretch != stretches.rend(); ++stretch) {
        if (stretch->is_match && !before_match && !pieces.empty()) {
            pieces.back().begin = stretch->range.begin;
        } else {
            pieces.push_back(stretch->range);
        }
        before_match = stretch->is_match;
    }
    std::reverse(pieces.begin(), pieces.end());
    return pieces;
}

std::vector<ByteRange> contiguous(const std::vector<Stretch>& stretches) {
    std::vector<ByteRange> pieces;
    bool in_match = false;
    for (const Stretch& stretch : stretches) {
        if (stretch.is_match == in_match && !pieces.empty()) {
            pieces.back().end = stretch.range.end;
        } else {
            pieces.push_back(stretch.range);
        }
        in_match = stretch.is_match;
    }
    return pieces;
}

}  // namespace

void split(const std::vector<Stretch>& stretches, SplitBehavior behavior,
           std::vector<ByteRange>& pieces) {
    std::vector<ByteRange> made;
    switch (behavior) {
        case SplitBehavior::merged_with_previous: made = merged_with_previous(stretches); break;
        case SplitBehavior::merged_with_next: made = merged_with_next(stretches); break;
        case SplitBehavior::contiguous: made = contiguous(stretches); break;
        case SplitBehavior::isolated:
        case SplitBehavior::removed:
            for (const Stretch& stretch : stretches) {
                if (behavior == SplitBehavior::isolated || !stretch.is_match)
                    made.push_back(stretch.range);
            }
    }
    std::copy_if(made.begin(), made.end(), std::back_inserter(pieces),
                 [](ByteRange range) { return range.size() > 0; });
}

Pattern Pattern::read(const json& step, const std::string& where) {
    const json& pattern = require_member(step, "pattern", json::value_t::object, where);
    const std::string regex = read_text(pattern, "Regex", "", where);
    if (!regex.empty()) return Pattern(Regex(regex, where));
    const std::string text = read_text(pattern, "String", "", where);
    if (text.empty()) {
        throw FileError(where + ", \"pattern\"", "a \"String\" or a \"Regex\"", shown(pattern));
    }
    return Pattern(text);
}

std::vector<Stretch> Pattern::stretches(std::string_view text) const {
    std::vector<Stretch> result;
    std::size_t at = 0;
    const auto add_match = [&](ByteRange match) {
        if (at < match.begin) result.push_back({{at, match.begin}, false});
        result.push_back({match, true});
        at = match.end;
    };
    if (const auto* regex = std::get_if<Regex>(&kind_)) {
        regex->for_each_match(text, add_match);
    } else {
        const std::string& wanted = std::get<std::string>(kind_);
        for (std::size_t found = text.find(wanted); found != std::string_view::npos;
             found = text.find(wanted, at))
            add_match({found, found + wanted.size()});
    }
    if (at < text.size()) result.push_back({{at, text.size()}, false});
    return result;
}

}  // namespace vitrine

// Cutting a piece of text at the matches of a pattern.
// Source: tokenizers, normalizer.rs, NormalizedString::split.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "text/aligned_text.h"
#include "text/regex.h"

namespace vitrine {

/// What becomes of a match: "the-final" cut at "-".
enum class SplitBehavior {
    removed,               // the, final
    isolated,              // the, -, final
    merged_with_previous,  // the-, final
    merged_with_next,      // the, -final
    contiguous             // as isolated, but neighbouring matches are one piece
};

/// A stretch of text, in a match or between two.
struct Stretch {
    ByteRange range;
    bool is_match = false;
};

/// Appends the pieces that the stretches, which cover a text, are cut into. None of them is empty.
void split(const std::vector<Stretch>& stretches, SplitBehavior behavior,
           std::vector<ByteRange>& pieces);

/// A string or a regular expression, from "pattern": {"String": ...} or {"Regex": ...}.
class Pattern {
   public:
    /// @param step  the object that holds "pattern". @throws FileError
    static Pattern read(const nlohmann::json& step, const std::string& where);
    explicit Pattern(std::string text) : kind_(std::move(text)) {}
    explicit Pattern(Regex regex) : kind_(std::move(regex)) {}

    /// The stretches that cover a text, in order.
    std::vector<Stretch> stretches(std::string_view text) const;

   private:
    std::variant<std::string, Regex> kind_;
};

}  // namespace vitrine

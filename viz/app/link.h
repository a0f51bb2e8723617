// Links that set the stage: view:attention?layer=2&head=3&text=The%20king
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "viz/app/language.h"

namespace vitrine::viz {

struct ViewLink {
    std::string view;
    std::map<std::string, std::string> values;  // decoded

    /// A whole number of a value; nothing if it is missing or no number.
    std::optional<int> number(const std::string& key) const;
};

/// @throws ArgumentError  naming what is wrong: another scheme, an unknown view or key, a value
/// that is
///                        no number, broken percent-encoding
ViewLink parse_view_link(std::string_view link);

/// What following the link shows and sets, for the learner: "Shows on the stage: Attention, layer
/// 2, head 3". A link that is no view's, or is broken, comes back as it is.
std::string link_in_words(const std::string& link, Language language);

}  // namespace vitrine::viz

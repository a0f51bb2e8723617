// Links that set the stage: view:attention?layer=2&head=3&text=The%20king
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

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

}  // namespace vitrine::viz

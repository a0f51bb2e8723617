// Two lines as a pair of texts, for a model that judges whether they belong together.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "viz/app/run.h"

namespace vitrine::viz {

/// The two lines of a text; nothing if it has not exactly two that hold something, or if the model
/// neither sorts texts into classes nor says whether one follows another.
std::optional<std::array<std::string, 2>> pair_of(const LoadedModel& model,
                                                  const std::string& text);

/// Both with the model's tokens around them and between. Offsets count the characters of the text
/// in which a line end stands between the two; what is too long is cut.
Encoding encode_pair(const LoadedModel& model, const std::array<std::string, 2>& pair,
                     bool& truncated);

}  // namespace vitrine::viz

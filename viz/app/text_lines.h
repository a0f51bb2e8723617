// A text as its lines.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace vitrine::viz {

/// True if there is more in it than white space.
bool holds_something(const std::string& line);

/// The lines of a text that hold something, the first `most` of them.
std::vector<std::string> lines_of(const std::string& text,
                                  std::size_t most = std::numeric_limits<std::size_t>::max());

}  // namespace vitrine::viz

// --parts: what a model is run with.
#pragma once

#include <string>

#include "nn/parts.h"

namespace vitrine::cli {

/// The table of parts by name: "fast", "chapters", "mine".
/// @throws ArgumentError  for another name
const Parts& parts_named(const std::string& name);

}  // namespace vitrine::cli

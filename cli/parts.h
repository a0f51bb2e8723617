// --parts: what a model is run with.
#pragma once

#include <string>

#include "cli/arguments.h"
#include "nn/parts.h"

namespace vitrine::cli {

/// The option --parts: fast, chapters, mine, or mine=NAME,NAME for some of the learner's.
void add_parts_option(Command command, std::string& parts);

/// The table of parts by name. "mine" is known in the learner's process only.
/// @throws ArgumentError  for another name
const Parts& parts_named(const std::string& name);

}  // namespace vitrine::cli

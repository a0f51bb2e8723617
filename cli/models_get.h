// `vitrine models get`, a file of its own beside the other commands of the group.
#pragma once

#include "cli/arguments.h"

namespace vitrine::cli {

/// Adds `get` to `vitrine models`.
void add_models_get(Command models);

}  // namespace vitrine::cli

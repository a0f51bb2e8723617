// `vitrine models get`, a file of its own beside the other commands of the group.
#pragma once

#include <CLI/CLI.hpp>

namespace vitrine::cli {

/// Adds `get` to `vitrine models`.
void add_models_get(CLI::App& models);

}  // namespace vitrine::cli

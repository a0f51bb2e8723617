// The options of every command that generates text.
#pragma once

#include <CLI/CLI.hpp>

#include "generate/generate.h"

namespace vitrine::cli {

void add_generate_options(CLI::App& command, GenerateOptions& generate);

}  // namespace vitrine::cli

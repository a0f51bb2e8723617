// The options of every command that generates text.
#pragma once

#include "cli/arguments.h"
#include "generate/generate.h"

namespace vitrine::cli {

void add_generate_options(Command command, GenerateOptions& generate);

}  // namespace vitrine::cli

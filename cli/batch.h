// Many inputs of one command: a JSON array in a file.
#pragma once

#include <string>
#include <vector>

#include "pipeline.h"

namespace vitrine::cli {

/// The texts, or pairs of texts, of a JSON array. @param file  "-": standard input
/// @throws FileError  naming the item that is neither
std::vector<TaskText> read_batch(const std::string& file);

}  // namespace vitrine::cli

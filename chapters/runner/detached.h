// A program that goes on when the one that started it ends.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vitrine::runner {

/// Starts a program in a session of its own, a little less urgent than we are. It reads nothing and
/// its standard output is not seen.
/// @param environment  NAME=VALUE entries added to ours
/// @param errors       the file that takes its standard error
/// @return its number
/// @throws Error if it can't be started; FileError if the file can't be written
int start_detached(const std::vector<std::string>& command,
                   const std::vector<std::string>& environment,
                   const std::filesystem::path& errors);

}  // namespace vitrine::runner

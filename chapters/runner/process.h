// Another program, started by exec and never waited for without a limit.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace vitrine::runner {

struct Finished {
    int exit_status = -1;  // -1 if a signal ended it
    int signal = 0;
    bool killed = false;  // by us: `go_on` said no
    std::string output;   // what it wrote to standard output and error, the first 64 KiB
};

/// Runs a program in a process group of its own.
/// @param environment  NAME=VALUE entries added to ours
/// @param go_on        asked every 20 ms; false kills the whole group
/// @throws Error if it can't be started
Finished run_process(const std::vector<std::string>& command,
                     const std::vector<std::string>& environment,
                     const std::function<bool()>& go_on);

}  // namespace vitrine::runner

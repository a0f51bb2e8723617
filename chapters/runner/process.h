// Another program, started by exec and never waited for without a limit.
#pragma once

#include <filesystem>
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

enum class Streams {
    captured,  // nothing to read; what it writes goes to Finished::output; a process group of its
               // own
    shared     // our terminal, and our process group: Ctrl-C reaches it
};

/// Runs a program.
/// @param environment  NAME=VALUE entries added to ours
/// @param go_on        asked every 20 ms; false kills it, and its group if that is its own
/// @throws Error if it can't be started
Finished run_process(const std::vector<std::string>& command,
                     const std::vector<std::string>& environment,
                     const std::function<bool()>& go_on, Streams streams = Streams::captured);

/// Starts a program that goes on by itself: an editor, a browser. What it prints is not seen.
/// @throws Error if it can't be started
void start_program(const std::vector<std::string>& command);

/// Starts a program that goes on when we end, in a session of its own, a little less urgent than we
/// are. It reads nothing and its standard output is not seen.
/// @param environment  NAME=VALUE entries added to ours
/// @param errors       the file that takes its standard error
/// @return its number
/// @throws Error if it can't be started, or the file can't be written
int start_detached(const std::vector<std::string>& command,
                   const std::vector<std::string>& environment,
                   const std::filesystem::path& errors);

}  // namespace vitrine::runner

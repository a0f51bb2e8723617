// The commands that a lesson quotes, and what they print when they are run now.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

namespace vitrine::viz {

struct QuotedCommand {
    std::string line;                // "vitrine next --text \"The king\""
    std::vector<std::string> words;  // without the program: {"next", "--text", "The king"}
    std::string printed;             // what the lesson says that it prints; empty: it does not say
};

/// The commands of a ```console block, double quotes taken as a shell does.
std::vector<QuotedCommand> quoted_commands(const std::string& console);

/// The model that a command looks at: that of its --model, else the bundled one.
std::string model_of(const QuotedCommand& command);

/// True for a command that only computes and prints. What else a lesson quotes is left to the
/// learner.
bool only_computes(const QuotedCommand& command);

/// The console block again, with what its commands print now: each runs in a process of its own.
/// @throws ArgumentError  for a command that does more than compute, or failed
/// @throws Stopped        when asked to stop
std::string computed_console(const std::string& console, const std::stop_token& stop = {});

}  // namespace vitrine::viz

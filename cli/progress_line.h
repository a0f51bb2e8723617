// One line on standard error that says how far a long command is: rewritten in place on a terminal,
// elsewhere a line a phase.
#pragma once

#include <chrono>
#include <string>

#include "tensor/tensor.h"

namespace vitrine::cli {

/// "5 s", "3 min 20 s", "2 h 10 min".
std::string duration(double seconds);

class ProgressLine {
   public:
    ProgressLine();
    /// Clears the line.
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    /// Shows a phase and, if `total` is known, how much of it is done and the time left. May be
    /// called often: it draws ten times a second.
    void show(const std::string& phase, Index done, Index total = 0);

   private:
    using Clock = std::chrono::steady_clock;

    bool is_terminal_ = false;
    std::string phase_;
    Index first_ = 0;  // what was done when the phase began
    Clock::time_point began_, drawn_;
};

}  // namespace vitrine::cli

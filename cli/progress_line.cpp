#include "cli/progress_line.h"

#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace vitrine::cli {

namespace {
constexpr double least_seconds = 1;  // no guess of the time left before
constexpr const char* clear_line = "\r\033[K";
}  // namespace

std::string duration(double seconds) {
    const auto whole = static_cast<long long>(std::ceil(seconds));
    const auto number = [](long long value) { return std::to_string(value); };
    if (whole < 60) return number(whole) + " s";
    if (whole < 3600) return number(whole / 60) + " min " + number(whole % 60) + " s";
    return number(whole / 3600) + " h " + number(whole % 3600 / 60) + " min";
}

ProgressLine::ProgressLine() : is_terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
    if (is_terminal_ && !phase_.empty()) std::fputs(clear_line, stderr);
}

void ProgressLine::show(const std::string& phase, Index done, Index total) {
    const Clock::time_point now = Clock::now();
    const bool is_new = phase != phase_;
    if (is_new) {
        phase_ = phase;
        first_ = done;
        began_ = now;
        if (!is_terminal_) std::fprintf(stderr, "%s\n", phase.c_str());
    }
    if (!is_terminal_ || (!is_new && now - drawn_ < std::chrono::milliseconds(100))) return;
    drawn_ = now;
    std::string line = phase + "  " + std::to_string(done);
    if (total > 0) line += " of " + std::to_string(total);
    const double elapsed = std::chrono::duration<double>(now - began_).count();
    if (total > 0 && done > first_ && elapsed > least_seconds) {
        const double rate = static_cast<double>(done - first_) / elapsed;
        line += "  " + duration(static_cast<double>(total - done) / rate) + " left";
    }
    std::fprintf(stderr, "%s%s", clear_line, line.c_str());
}

}  // namespace vitrine::cli

// Ctrl-C as a stop token: what runs ends at its next step and what was made is kept.
#pragma once

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <stop_token>
#include <thread>

namespace vitrine::cli {

/// Exit status of what Ctrl-C ended: 128 + SIGINT, as shells have it.
constexpr int interrupted_status = 130;

/// While it lives, the first Ctrl-C asks for a stop; a second one ends the program as usual.
/// The thread that makes it, and those this one starts afterwards, hold the signal off: a handler
/// must not cut into generated code that computes. Make it before a command computes.
/// One at a time: there is one keyboard.
class StopOnInterrupt {
   public:
    StopOnInterrupt();
    ~StopOnInterrupt();
    StopOnInterrupt(const StopOnInterrupt&) = delete;
    StopOnInterrupt& operator=(const StopOnInterrupt&) = delete;

    std::stop_token token() const { return stop_.get_token(); }
    bool interrupted() const { return stop_.stop_requested(); }

   private:
    std::stop_source stop_;
    std::mutex mutex_;
    std::condition_variable_any ended_;
    std::jthread watch_;  // takes the signal; a handler may only set a flag: this looks at it
    sigset_t before_{};
};

}  // namespace vitrine::cli

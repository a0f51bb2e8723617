#include "cli/interrupt.h"

#include <chrono>
#include <csignal>

namespace vitrine::cli {

namespace {

volatile std::sig_atomic_t interrupt_came = 0;

void on_interrupt(int) {
    interrupt_came = 1;
    std::signal(SIGINT, SIG_DFL);
}

}  // namespace

StopOnInterrupt::StopOnInterrupt() {
    interrupt_came = 0;
    std::signal(SIGINT, on_interrupt);
    watch_ = std::jthread([this](const std::stop_token& end) {
        std::unique_lock lock(mutex_);
        while (!end.stop_requested() && interrupt_came == 0) {
            ended_.wait_for(lock, end, std::chrono::milliseconds(20), [] { return false; });
        }
        if (interrupt_came != 0) stop_.request_stop();
    });
}

StopOnInterrupt::~StopOnInterrupt() {
    std::signal(SIGINT, SIG_DFL);
}

}  // namespace vitrine::cli

#include "cli/interrupt.h"

#include <chrono>

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
        // A second one ends the program: somebody must be there to take it.
        ended_.wait(lock, end, [] { return false; });
    });
    sigset_t interrupt;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    pthread_sigmask(SIG_BLOCK, &interrupt, &before_);
}

StopOnInterrupt::~StopOnInterrupt() {
    std::signal(SIGINT, SIG_DFL);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace vitrine::cli

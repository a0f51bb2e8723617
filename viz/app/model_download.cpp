#include "viz/app/model_download.h"

#include "hub/download.h"
#include "tensor/error.h"

namespace vitrine::viz {

void ModelDownload::begin(const std::string& name) {
    if (state().running) return;
    {
        const std::lock_guard lock(mutex_);
        state_ = State{name, true, false, 0, 0, {}};
    }
    thread_ = std::jthread([this, name](const std::stop_token& stop) { carry_out(name, stop); });
}

void ModelDownload::stop() {
    thread_.request_stop();
}

ModelDownload::State ModelDownload::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

void ModelDownload::carry_out(const std::string& name, const std::stop_token& stop) {
    std::string problem;
    bool stopped = false;
    try {
        const auto progress = [&](std::int64_t done, std::int64_t total) {
            const std::lock_guard lock(mutex_);
            state_.done = done;
            state_.total = total;
        };
        hub::download_model(hub::parse_name(name), hub::environment_settings(), progress, stop);
    } catch (const Stopped&) {
        stopped = true;
    } catch (const std::exception& failure) {
        problem = failure.what();
    }
    const std::lock_guard lock(mutex_);
    state_.running = false;
    state_.finished = !stopped && problem.empty();
    state_.problem = problem;
}

}  // namespace vitrine::viz

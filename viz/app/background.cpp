#include "viz/app/background.h"

#include <omp.h>

#include <algorithm>
#include <utility>

#include "tensor/error.h"

namespace vitrine::viz {

Background::Background() : thread_([this](const std::stop_token& quit) { work(quit); }) {}

Background::~Background() {
    {
        const std::lock_guard lock(mutex_);
        for (auto& [key, slot] : slots_) {
            slot.stop.request_stop();
            slot.waiting = {};
        }
    }
    thread_.request_stop();
    changed_.notify_all();
}

Background::Slot Background::look(const std::string& key, std::uint64_t id,
                                  const Compute& compute) {
    const std::lock_guard lock(mutex_);
    Slot& slot = slots_[key];
    if (!slot.asked || slot.wanted != id) {
        slot.stop.request_stop();
        slot.stop = std::stop_source();
        slot.asked = slot.busy = true;
        slot.wanted = id;
        slot.waiting = compute;
        changed_.notify_all();
    }
    return slot;
}

bool Background::idle() const {
    return std::none_of(slots_.begin(), slots_.end(),
                        [](const auto& entry) { return entry.second.busy; });
}

bool Background::busy() const {
    const std::lock_guard lock(mutex_);
    return !idle();
}

void Background::wait() const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return idle(); });
}

void Background::work(const std::stop_token& quit) {
    omp_set_num_threads(1);  // the model's threads belong to the worker that runs the text
    std::unique_lock lock(mutex_);
    while (!quit.stop_requested()) {
        const auto next = std::find_if(slots_.begin(), slots_.end(), [](const auto& entry) {
            return static_cast<bool>(entry.second.waiting);
        });
        if (next == slots_.end()) {
            changed_.wait(lock);
            continue;
        }
        Slot& slot = next->second;
        const Compute compute = std::exchange(slot.waiting, {});
        const std::uint64_t id = slot.wanted;
        const std::stop_token stop = slot.stop.get_token();
        lock.unlock();
        std::shared_ptr<const void> value;
        std::string problem;
        try {
            value = compute(stop);
        } catch (const Stopped&) {
            // a newer one waits
        } catch (const std::exception& failure) {
            problem = failure.what();
        }
        lock.lock();
        if (slot.wanted != id || slot.waiting) continue;
        slot.busy = false;
        slot.problem = problem;
        if (value) {
            slot.value = std::move(value);
            slot.done = id;
        }
        changed_.notify_all();
    }
}

}  // namespace vitrine::viz

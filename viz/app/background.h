// Work of the views that takes longer than a frame: one thread, on which what they ask for is
// computed. A view asks again in every frame and draws what is there.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

namespace vitrine::viz {

/// The newest result for a key.
template <class T>
struct Answer {
    std::shared_ptr<const T> value;  // null: there is none yet
    std::uint64_t id = 0;            // what `value` was computed for
    bool busy = false;               // a newer one is under way
    std::string problem;             // why the newest could not be computed; empty: nothing wrong
};

class Background {
   public:
    Background();
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    /// The newest result for `key`. Starts `compute` if the last one asked for was another `id`; an
    /// older one of the same key that is under way is told to stop.
    /// @param compute  runs on the thread; owns what it reads; may throw Stopped
    template <class T>
    Answer<T> ask(const std::string& key, std::uint64_t id,
                  const std::function<std::shared_ptr<const T>(const std::stop_token&)>& compute) {
        const Slot slot = look(key, id, compute);
        return {std::static_pointer_cast<const T>(slot.value), slot.done, slot.busy, slot.problem};
    }

    /// True while something is computed or waits.
    bool busy() const;
    /// Blocks until nothing is: for tests and screenshots, never for the window.
    void wait() const;

   private:
    using Compute = std::function<std::shared_ptr<const void>(const std::stop_token&)>;
    struct Slot {
        std::uint64_t wanted = 0, done = 0;
        bool asked = false, busy = false;
        Compute waiting;  // empty: it is under way or done
        std::stop_source stop;
        std::shared_ptr<const void> value;
        std::string problem;
    };
    Slot look(const std::string& key, std::uint64_t id, const Compute& compute);
    void work(const std::stop_token& quit);
    bool idle() const;

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::map<std::string, Slot> slots_;
    std::jthread thread_;  // last: it uses everything above
};

}  // namespace vitrine::viz

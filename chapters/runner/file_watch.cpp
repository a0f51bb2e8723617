#include "chapters/runner/file_watch.h"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#ifdef __linux__
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>
#endif

namespace vitrine::runner {

using namespace std::chrono_literals;

FileWatch::FileWatch(std::filesystem::path file, [[maybe_unused]] By by) : file_(std::move(file)) {
#ifdef __linux__
    if (by == By::kernel) events_ = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    // The folder, not the file: a file that is renamed onto ours is another file.
    const auto folder = std::filesystem::absolute(file_).parent_path();
    if (events_ >= 0 &&
        ::inotify_add_watch(events_, folder.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO) < 0) {
        ::close(std::exchange(events_, -1));
    }
#endif
    time_changed();
}

FileWatch::~FileWatch() {
#ifdef __linux__
    if (events_ >= 0) ::close(events_);
#endif
}

bool FileWatch::wait(std::chrono::milliseconds at_most) {
    // Of a folder on another machine the kernel tells nothing: now and then the time is looked at.
    const auto step = events_ >= 0 ? 2000ms : 150ms;
    const auto end = std::chrono::steady_clock::now() + at_most;
    while (true) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            end - std::chrono::steady_clock::now());
        const bool told = kernel_told(std::clamp(left, 0ms, step));
        if (time_changed() || told) return true;
        if (left <= 0ms) return false;
    }
}

/// Waits for word from the kernel and takes all there is. Without it, only waits.
bool FileWatch::kernel_told(std::chrono::milliseconds at_most) {
#ifdef __linux__
    if (events_ >= 0) {
        pollfd wait{events_, POLLIN, 0};
        ::poll(&wait, 1, static_cast<int>(at_most.count()));
        bool ours = false;
        alignas(inotify_event) std::array<char, 4096> buffer{};
        for (ssize_t size = 0; (size = ::read(events_, buffer.data(), buffer.size())) > 0;) {
            for (ssize_t at = 0; at < size;) {
                const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
                ours = ours || (event->len > 0 && file_.filename() == event->name);
                at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
            }
        }
        return ours;
    }
#endif
    std::this_thread::sleep_for(at_most);
    return false;
}

bool FileWatch::time_changed() {
    std::error_code gone;
    const auto now = std::filesystem::last_write_time(file_, gone);
    return !gone && std::exchange(seen_, now) != now;
}

}  // namespace vitrine::runner

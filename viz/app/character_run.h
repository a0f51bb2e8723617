// A training of chapter 10's character model in a process of its own, and what it has said so far.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "tensor/tensor.h"
#include "viz/app/child_folder.h"

namespace vitrine::viz {

/// What `vitrine characters --log` has written.
struct CharacterLog {
    Index steps = 0, parameters = 0;  // of the whole run; of the model
    std::vector<Real> losses;         // of each batch so far
    double seconds = 0;               // of work
    std::string sample;               // what the model wrote last ...
    Index sample_step = -1;           // ... after this step
    bool done = false;
};

/// Takes whole lines from the front of `text`, which keeps the rest.
void read_log(std::string& text, CharacterLog& log);

/// The mean of the last losses, up to 50 of them, for each step: batches differ a lot.
std::vector<Real> smoothed(const std::vector<Real>& losses);

class CharacterRun {
   public:
    /// Starts. @param parts  "fast", "chapters" or "mine"
    CharacterRun(const std::string& parts, Index steps);
    /// Ends the process.
    ~CharacterRun();
    CharacterRun(const CharacterRun&) = delete;
    CharacterRun& operator=(const CharacterRun&) = delete;

    void pause(bool paused);
    /// Ends the process soon; what it has logged stays.
    void stop() { thread_.request_stop(); }
    bool paused() const { return paused_; }
    /// Reads what has come since. True if something has.
    bool take();
    const CharacterLog& log() const { return log_; }
    bool running() const { return running_; }
    /// Why it ended before its end; empty: it did not.
    std::string problem() const;

   private:
    std::filesystem::path file(const char* name) const { return folder_.path() / name; }

    ChildFolder folder_;
    CharacterLog log_;
    std::string unread_;
    std::streamoff read_ = 0;
    bool paused_ = false;
    std::atomic<bool> running_ = true;
    mutable std::mutex mutex_;
    std::string problem_;
    std::jthread thread_;  // last: it uses everything above
};

}  // namespace vitrine::viz

// The worker: one thread that runs the model. The window never waits for it: requests are handed
// over and results fetched under a lock that is held for a few assignments only.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "generate/generate.h"
#include "viz/app/run.h"

namespace vitrine::viz {

/// Loads a model and its tokenizer. @throws FileError
std::shared_ptr<const LoadedModel> load_model(const std::filesystem::path& folder);

class Engine {
   public:
    explicit Engine(std::shared_ptr<const LoadedModel> model);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Asks for a run on this text; a run under way on an older text is stopped. Ends generation.
    void request(std::string text);
    /// Generates from the present text until the end or stop(); each token makes a new run.
    void generate(const Sampling& sampling);
    /// Generates one token.
    void step(const Sampling& sampling);
    void stop();

    /// The newest finished run; null before the first.
    std::shared_ptr<const Run> run() const;
    GenerationProgress generation() const;
    /// Why the newest request gave no run; empty if it did.
    std::string error() const;
    /// True while a request or generation is under way.
    bool busy() const;
    /// The text that generation has arrived at, once for each new one.
    std::optional<std::string> take_generated_text();
    /// Blocks until nothing is under way: for tests and screenshots, never for the window.
    void wait() const;

   private:
    struct Job {
        std::string text;
        bool is_generation = false, one_step = false;
        Sampling sampling;
    };
    void work(const std::stop_token& quit);
    void carry_out(const Job& job, const std::stop_token& stop);
    void generate_tokens(const Job& job, const std::stop_token& stop);
    void finish(std::shared_ptr<Run> run);
    void start(Job job);

    std::shared_ptr<const LoadedModel> model_;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::optional<Job> waiting_;
    std::stop_source current_;  // of the job under way
    bool working_ = false;
    std::shared_ptr<const Run> run_;
    std::uint64_t serial_ = 0;
    GenerationProgress progress_;
    std::string error_;
    std::optional<std::string> generated_text_;
    std::uint64_t draws_ = 0;  // tokens drawn one step at a time, so that each draw is another
    std::jthread thread_;      // last: it uses everything above
};

}  // namespace vitrine::viz

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
#include "viz/app/run_model.h"

namespace vitrine::viz {

class Engine {
   public:
    /// Without a model it waits for load(); requests until then are answered after it.
    explicit Engine(std::shared_ptr<const LoadedModel> model = nullptr);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Reads a model in the background and runs the present text with it. If that can't be done,
    /// error() says why and the model that was there stays.
    void load(const std::filesystem::path& folder);
    /// What runs are made with: "fast", "chapters", "mine" or "mine=attention,embed". Runs the
    /// present text again.
    void use_parts(const std::string& choice);
    std::string parts() const;
    /// The picture that a model of pictures looks at; an empty path takes it away. Runs the present
    /// text again.
    void use_picture(const std::filesystem::path& file);
    /// Asks for a run on this text; a run under way on an older text is stopped. Ends generation.
    void request(std::string text);
    /// Generates from the present text until the end or stop(); each token makes a new run.
    void generate(const Sampling& sampling);
    /// Generates one token.
    void step(const Sampling& sampling);
    void stop();

    /// The model at work; null before the first is loaded.
    std::shared_ptr<const LoadedModel> model() const;
    /// True while a model is being read.
    bool loading() const;
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
        std::string parts;
        std::filesystem::path picture;
    };
    void work(const std::stop_token& quit);
    std::string load_waiting(std::unique_lock<std::mutex>& lock);
    bool at_work() const;
    void carry_out(const Job& job, const std::stop_token& stop);
    void generate_tokens(const Job& job, const std::stop_token& stop);
    void finish(std::shared_ptr<Run> run);
    void start(Job job);

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::shared_ptr<const LoadedModel> model_;
    std::filesystem::path folder_;  // to load; empty: none
    std::string text_;              // the newest that was asked for
    std::string parts_ = "fast";
    std::filesystem::path picture_;  // empty: none
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

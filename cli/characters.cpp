// vitrine characters: trains the character model of chapter 10 with anybody's parts.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/parts.h"
#include "cli/terminal.h"
#include "cli/training_choice.h"
#include "tensor/error.h"

namespace vitrine::cli {

namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

struct Options {
    std::string parts = "fast", log, pause;
    Index steps = 1500;
    int seed = 1;
};

constexpr Index steps_a_sample = 100;

/// The events of a run, a line of JSON each, there as soon as they happened.
class Log {
   public:
    explicit Log(const std::string& file) : file_(file) {
        if (file.empty()) return;
        stream_.open(file, std::ios::trunc);
        if (!stream_) throw FileError(file, "a file that can be written", "none");
    }
    void tell(const json& event) {
        if (!stream_.is_open()) return;
        stream_ << event.dump(-1, ' ', false, json::error_handler_t::replace) << std::endl;
        if (!stream_) throw FileError(file_, "room for the log", "none");
    }

   private:
    std::string file_;
    std::ofstream stream_;
};

/// Seconds of work: what was paused does not count.
class Watch {
   public:
    double seconds() const {
        return std::chrono::duration<double>(Clock::now() - start_).count() - paused_;
    }
    /// Waits while the file exists.
    void pause_while(const std::string& file, const std::stop_token& stop) {
        const auto began = Clock::now();
        while (!file.empty() && std::filesystem::exists(file) && !stop.stop_requested())
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        paused_ += std::chrono::duration<double>(Clock::now() - began).count();
    }

   private:
    Clock::time_point start_ = Clock::now();
    double paused_ = 0;
};

void characters(const Options& options) {
    if (ran_in_learner_process(options.parts)) return;
    const StopOnInterrupt interrupt;
    const TrainingChoice choice = training_choice(options.parts);
    chapters::CharacterTraining run(shakespeare(), options.steps,
                                    static_cast<std::uint64_t>(options.seed));
    Log log(options.log);
    log.tell({{"parameters", run.model().state.values.size()},
              {"vocabulary", run.model().vocabulary()},
              {"steps", options.steps}});
    std::cout << run.model().state.values.size() << " parameters, " << run.model().vocabulary()
              << " characters, " << options.steps << " steps\n";
    Watch watch;
    for (Index step = 0; step < options.steps && !interrupt.interrupted(); ++step) {
        watch.pause_while(options.pause, interrupt.token());
        const double loss = run.step(choice.forward, choice.training);
        log.tell({{"step", step}, {"loss", loss}, {"seconds", watch.seconds()}});
        const bool is_last = step + 1 == options.steps;
        if ((step + 1) % steps_a_sample != 0 && !is_last) continue;
        const std::string sample = run.sample(choice.forward);
        log.tell({{"step", step}, {"sample", sample}});
        char line[96];
        std::snprintf(line, sizeof line, "step %5td  loss %6.3f  %6.1f s", step + 1, loss,
                      watch.seconds());
        std::cout << styled(line, Style::bold) << "\n"
                  << (is_last ? sample + "\n" : "") << std::flush;
    }
    log.tell({{"done", true}});
}

}  // namespace

void add_characters(Command app) {
    const Command command = app.add_subcommand(
        "characters", "Trains the small character model of chapter 10 on Shakespeare");
    auto options = std::make_shared<Options>();
    add_parts_option(command, options->parts);
    command.add_option("--steps", options->steps, "how many (1500)").range(1, 1000000);
    command.add_option("--seed", options->seed, "of the first weights and of the batches (1)")
        .non_negative();
    command.add_option("--log", options->log, "a file for the losses and samples, JSON lines");
    command.add_option("--pause", options->pause, "wait between two steps while this file exists");
    command.example("vitrine characters --parts mine --steps 500");
    command.callback([=] { characters(*options); });
}

}  // namespace vitrine::cli

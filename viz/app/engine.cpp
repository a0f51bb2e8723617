#include "viz/app/engine.h"

#include <chrono>
#include <utility>

#include "tensor/error.h"
#include "tensor/random.h"
#include "viz/app/run_kinds.h"
#include "viz/app/run_model.h"

namespace vitrine::viz {

namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

Engine::Engine(std::shared_ptr<const LoadedModel> model)
    : model_(std::move(model)), thread_([this](const std::stop_token& quit) { work(quit); }) {}

Engine::~Engine() {
    {
        const std::lock_guard lock(mutex_);
        current_.request_stop();
        waiting_.reset();
    }
    thread_.request_stop();
    changed_.notify_all();
}

void Engine::load(const std::filesystem::path& folder) {
    const std::lock_guard lock(mutex_);
    current_.request_stop();
    folder_ = folder;
    changed_.notify_all();
}

void Engine::use_parts(const std::string& choice) {
    std::string text;
    {
        const std::lock_guard lock(mutex_);
        parts_ = choice;
        text = text_;
    }
    request(std::move(text));
}

void Engine::use_picture(const std::filesystem::path& file) {
    std::string text;
    {
        const std::lock_guard lock(mutex_);
        picture_ = file;
        text = text_;
    }
    request(std::move(text));
}

std::string Engine::parts() const {
    const std::lock_guard lock(mutex_);
    return parts_;
}

void Engine::start(Job job) {
    const std::lock_guard lock(mutex_);
    current_.request_stop();
    if (!job.is_generation) text_ = job.text;
    job.parts = parts_;
    job.picture = picture_;
    generated_text_.reset();  // what the learner typed since is newer
    waiting_ = std::move(job);
    changed_.notify_all();
}

void Engine::request(std::string text) {
    start({std::move(text), false, false, {}, {}, {}});
}

void Engine::generate(const Sampling& sampling) {
    start({{}, true, false, sampling, {}, {}});
}

void Engine::step(const Sampling& sampling) {
    start({{}, true, true, sampling, {}, {}});
}

void Engine::stop() {
    const std::lock_guard lock(mutex_);
    if (progress_.running) current_.request_stop();
}

std::shared_ptr<const LoadedModel> Engine::model() const {
    const std::lock_guard lock(mutex_);
    return model_;
}

bool Engine::loading() const {
    const std::lock_guard lock(mutex_);
    return !folder_.empty();
}

std::shared_ptr<const Run> Engine::run() const {
    const std::lock_guard lock(mutex_);
    return run_;
}

GenerationProgress Engine::generation() const {
    const std::lock_guard lock(mutex_);
    return progress_;
}

std::string Engine::error() const {
    const std::lock_guard lock(mutex_);
    return error_;
}

bool Engine::busy() const {
    const std::lock_guard lock(mutex_);
    return at_work();
}

std::optional<std::string> Engine::take_generated_text() {
    const std::lock_guard lock(mutex_);
    return std::exchange(generated_text_, std::nullopt);
}

void Engine::wait() const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !at_work(); });
}

/// A job that no model is there for waits until one is loaded: that is no work.
bool Engine::at_work() const {
    return working_ || (model_ && waiting_) || !folder_.empty();
}

/// Reads the model that was asked for, with the lock let go. Returns why it could not.
std::string Engine::load_waiting(std::unique_lock<std::mutex>& lock) {
    const std::filesystem::path folder = folder_;
    std::shared_ptr<const LoadedModel> model;
    std::string problem;
    lock.unlock();
    try {
        model = load_with_tokenizer(folder);
        warm_up(*model);
    } catch (const std::exception& failure) {
        problem = failure.what();
    }
    lock.lock();
    if (folder_ != folder) return problem;  // another one was asked for meanwhile
    folder_.clear();
    if (model) {
        model_ = std::move(model);
        if (!waiting_) waiting_ = Job{text_, false, false, {}, parts_, picture_};
    }
    return problem;
}

void Engine::work(const std::stop_token& quit) {
    while (!quit.stop_requested()) {
        Job job;
        std::stop_token stop;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] {
                return (model_ && waiting_) || !folder_.empty() || quit.stop_requested();
            });
            if (quit.stop_requested()) return;
            if (!folder_.empty()) {
                error_ = load_waiting(lock);
                changed_.notify_all();
                continue;
            }
            job = std::move(*waiting_);
            waiting_.reset();
            current_ = std::stop_source();
            stop = current_.get_token();
            working_ = true;
            progress_.running = job.is_generation;
            if (job.is_generation) progress_.finish.clear();
        }
        std::string problem;
        try {
            carry_out(job, stop);
        } catch (const Stopped&) {
            // a newer request waits, or generation was stopped
        } catch (const std::exception& failure) {
            problem = failure.what();
        }
        const std::lock_guard lock(mutex_);
        error_ = problem;
        working_ = false;
        if (progress_.running && progress_.finish.empty()) progress_.finish = "stopped";
        progress_.running = false;
        changed_.notify_all();
    }
}

void Engine::carry_out(const Job& job, const std::stop_token& stop) {
    if (job.is_generation) {
        generate_tokens(job, stop);
        return;
    }
    auto run = std::make_shared<Run>();
    run->model = model();
    run->text = job.text;
    encode_text(*run);
    take_picture(*run, job.picture, this->run().get());
    run_model(*run, job.parts, stop);
    finish(std::move(run));
}

namespace {

/// The next token from a run that the learner's parts have made.
int draw_from(const Run& run, Generation& generation) {
    if (!run.parts_problem.empty()) throw Error(run.parts_problem);
    const auto V = static_cast<std::size_t>(run.logits.shape()[1]);
    return generation.next_from({run.logits.data() + run.logits.size() - V, V});
}

}  // namespace

void Engine::generate_tokens(const Job& job, const std::stop_token& stop) {
    const std::shared_ptr<const Run> before = this->run();
    if (!before || before->encoding.ids.empty()) return;
    const std::shared_ptr<const LoadedModel> model = before->model;
    if (model->language() == nullptr) return;  // views of such a model offer no generation
    Sampling sampling = job.sampling;
    if (job.one_step) sampling.seed += golden_step * ++draws_;
    const auto& start_ids = before->encoding.ids;
    Generation generation(*model->language(), start_ids, sampling, parts_in_process(job.parts));
    std::shared_ptr<const Run> latest = before;
    const auto began = Clock::now();
    const auto set_finish = [&](const char* why) {
        const std::lock_guard lock(mutex_);
        progress_.finish = why;
    };
    while (true) {
        if (static_cast<Index>(generation.ids().size()) >= model->info().max_positions) {
            return set_finish("positions");
        }
        const int id = is_mine(job.parts) ? draw_from(*latest, generation) : generation.next(stop);
        if (id == model->info().eos_id) return set_finish("eos");
        auto run = std::make_shared<Run>();
        run->model = model;
        run->has_start = before->has_start;
        run->encoding = encoding_of(*model->tokenizer, generation.ids(), before->has_start);
        run->text = text_so_far(*model->tokenizer, generation.ids(), before->has_start);
        run_model(*run, job.parts, stop);
        const auto made = static_cast<double>(generation.ids().size() - start_ids.size());
        const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
        {
            const std::lock_guard lock(mutex_);
            if (stop.stop_requested()) throw Stopped();  // a newer text must not be overwritten
            generated_text_ = run->text;
            progress_.tokens_per_second = made / seconds;
        }
        latest = run;
        finish(std::move(run));
        if (job.one_step) return set_finish("length");
    }
}

void Engine::finish(std::shared_ptr<Run> run) {
    const std::lock_guard lock(mutex_);
    run->serial = ++serial_;
    run_ = std::move(run);
    changed_.notify_all();
}

}  // namespace vitrine::viz

#include "viz/app/engine.h"

#include <chrono>
#include <utility>

#include "tensor/error.h"
#include "text/utf8.h"
#include "text/utf8_stream.h"
#include "viz/views/attention_summary.h"

namespace vitrine::viz {

namespace {

using Clock = std::chrono::steady_clock;

/// What a token adds to a text. Some tokenizers put a space in front of the first word of a text,
/// which is no part of the text.
std::string added_by(const Tokenizer& tokenizer, int id, bool is_first) {
    std::string bytes = tokenizer.bytes(id);
    if (is_first && tokenizer.prefixes_space() && bytes.starts_with(' ')) bytes.erase(0, 1);
    return bytes;
}

/// The encoding of ids that were generated: offsets count the characters of their text.
Encoding encoding_of(const Tokenizer& tokenizer, std::span<const int> ids, bool has_start) {
    Encoding encoding;
    std::string bytes;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const bool typed = i > 0 || !has_start;
        const Index begin = count_characters(bytes);
        const std::string piece = typed ? added_by(tokenizer, ids[i], bytes.empty()) : "";
        const bool inside = !piece.empty() && is_continuation(piece.front()) && begin > 0;
        bytes += piece;
        encoding.ids.push_back(ids[i]);
        encoding.tokens.push_back(tokenizer.token(ids[i]));
        encoding.offsets.push_back({inside ? begin - 1 : begin, count_characters(bytes)});
        encoding.type_ids.push_back(0);
    }
    return encoding;
}

/// The text's tokens, with the start token that the model's documents begin with in front.
void encode_text(const LoadedModel& model, Run& run) {
    run.encoding = model.tokenizer->encode(run.text, false);
    const int start = model.model->info().bos_id;
    Encoding& encoding = run.encoding;
    run.has_start = start >= 0;
    if (run.has_start) {
        encoding.ids.insert(encoding.ids.begin(), start);
        encoding.tokens.insert(encoding.tokens.begin(), model.tokenizer->token(start));
        encoding.offsets.insert(encoding.offsets.begin(), {0, 0});
        encoding.type_ids.insert(encoding.type_ids.begin(), 0);
    }
    const auto most = static_cast<std::size_t>(model.model->info().max_positions);
    run.truncated = encoding.ids.size() > most;
    if (!run.truncated) return;
    encoding.ids.resize(most);
    encoding.tokens.resize(most);
    encoding.offsets.resize(most);
    encoding.type_ids.resize(most);
}

/// Runs the model on the encoding that is there, keeping every activation.
void run_model(Run& run, const std::stop_token& stop) {
    if (run.encoding.ids.empty()) return;
    Record record = Record::all();
    const Sequence sequence{run.encoding.ids, nullptr, &record};
    const auto start = Clock::now();
    run.logits = std::move(
        run.model->model->forward({&sequence, 1}, Logits::all, fast_parts(), stop).front());
    run.forward_seconds = std::chrono::duration<double>(Clock::now() - start).count();
    run.activations = record.take_cache();
    run.attention = summarise_attention(run);
}

/// The text of generated ids; a character that is not whole yet is left out.
std::string text_so_far(const Tokenizer& tokenizer, std::span<const int> ids, bool has_start) {
    Utf8Stream stream;
    std::string text;
    bool is_first = true;
    for (const int id : ids.subspan(has_start ? 1 : 0)) {
        text += stream.push(added_by(tokenizer, id, is_first));
        is_first = false;
    }
    return text;
}

}  // namespace

std::shared_ptr<const LoadedModel> load_model(const std::filesystem::path& folder) {
    auto loaded = std::make_shared<LoadedModel>();
    loaded->name = folder.filename().string();
    loaded->folder = folder.string();
    loaded->model = load_language_model(folder);
    loaded->tokenizer = std::make_unique<const Tokenizer>(Tokenizer::load(folder));
    return loaded;
}

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

void Engine::start(Job job) {
    const std::lock_guard lock(mutex_);
    current_.request_stop();
    generated_text_.reset();  // what the learner typed since is newer
    waiting_ = std::move(job);
    changed_.notify_all();
}

void Engine::request(std::string text) {
    start({std::move(text), false, false, {}});
}

void Engine::generate(const Sampling& sampling) {
    start({{}, true, false, sampling});
}

void Engine::step(const Sampling& sampling) {
    start({{}, true, true, sampling});
}

void Engine::stop() {
    const std::lock_guard lock(mutex_);
    if (progress_.running) current_.request_stop();
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
    return working_ || waiting_.has_value();
}

std::optional<std::string> Engine::take_generated_text() {
    const std::lock_guard lock(mutex_);
    return std::exchange(generated_text_, std::nullopt);
}

void Engine::wait() const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !working_ && !waiting_; });
}

void Engine::work(const std::stop_token& quit) {
    while (!quit.stop_requested()) {
        Job job;
        std::stop_token stop;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return waiting_.has_value() || quit.stop_requested(); });
            if (quit.stop_requested()) return;
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
    run->model = model_;
    run->text = job.text;
    encode_text(*model_, *run);
    run_model(*run, stop);
    finish(std::move(run));
}

void Engine::generate_tokens(const Job& job, const std::stop_token& stop) {
    const std::shared_ptr<const Run> before = this->run();
    if (!before || before->encoding.ids.empty()) return;
    Sampling sampling = job.sampling;
    if (job.one_step) sampling.seed += 0x9e3779b97f4a7c15U * ++draws_;
    const auto& start_ids = before->encoding.ids;
    Generation generation(*model_->model, start_ids, sampling);
    const auto began = Clock::now();
    const auto set_finish = [&](const char* why) {
        const std::lock_guard lock(mutex_);
        progress_.finish = why;
    };
    while (true) {
        if (static_cast<Index>(generation.ids().size()) >= model_->model->info().max_positions) {
            return set_finish("positions");
        }
        const int id = generation.next(stop);
        if (id == model_->model->info().eos_id) return set_finish("eos");
        auto run = std::make_shared<Run>();
        run->model = model_;
        run->has_start = before->has_start;
        run->encoding = encoding_of(*model_->tokenizer, generation.ids(), before->has_start);
        run->text = text_so_far(*model_->tokenizer, generation.ids(), before->has_start);
        run_model(*run, stop);
        const auto made = static_cast<double>(generation.ids().size() - start_ids.size());
        const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
        {
            const std::lock_guard lock(mutex_);
            if (stop.stop_requested()) throw Stopped();  // a newer text must not be overwritten
            generated_text_ = run->text;
            progress_.tokens_per_second = made / seconds;
        }
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

#include "viz/app/run_model.h"

#include <chrono>

#include "chapters/runner/chapters_parts.h"
#include "chapters/runner/comparison.h"
#include "tensor/error.h"
#include "text/utf8.h"
#include "text/utf8_stream.h"
#include "viz/app/learner_run.h"
#include "viz/views/attention_summary.h"

namespace vitrine::viz {

namespace {

/// What a token adds to a text. Some tokenizers put a space in front of the first word of a text,
/// which is no part of the text.
std::string added_by(const Tokenizer& tokenizer, int id, bool is_first) {
    std::string bytes = tokenizer.bytes(id);
    if (is_first && tokenizer.prefixes_space() && bytes.starts_with(' ')) bytes.erase(0, 1);
    return bytes;
}

/// One forward pass in this process.
void run_here(Run& run, const Parts& parts, const std::stop_token& stop) {
    using Clock = std::chrono::steady_clock;
    Record record = Record::all();
    const Sequence sequence{run.encoding.ids, nullptr, &record};
    const auto start = Clock::now();
    run.logits =
        std::move(run.model->model->forward({&sequence, 1}, Logits::all, parts, stop).front());
    run.forward_seconds = std::chrono::duration<double>(Clock::now() - start).count();
    run.activations = record.take_cache();
}

void compare_with_library(Run& run, const std::stop_token& stop) {
    auto report = std::make_shared<runner::PartsReport>();
    runner::compare_chain(runner::trace(*run.model->model, run.encoding.ids, fast_parts(), stop),
                          run.activations, *report);
    run.report = std::move(report);
}

/// In the learner's process. False if it gave nothing to show.
bool run_there(Run& run, const std::string& parts, const std::stop_token& stop) {
    LearnerRun made = run_learner(run.model->folder, run.encoding.ids, parts, stop);
    run.parts_problem = made.problem;
    run.report = std::make_shared<const runner::PartsReport>(std::move(made.report));
    const auto logits = made.activations.find("logits");
    if (logits == made.activations.end()) {
        if (run.parts_problem.empty()) run.parts_problem = "your parts gave no logits";
        return false;
    }
    const std::vector<Index>& shape = logits->second.shape;
    run.logits = uninitialized<2>({shape.at(0), shape.at(1)});
    std::copy(logits->second.values.begin(), logits->second.values.end(), run.logits.begin());
    run.activations = std::move(made.activations);
    return true;
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

void warm_up(const LoadedModel& model) {
    const std::vector<int> ids(8, 0);
    const Sequence sequence{ids, nullptr, nullptr};
    model.model->forward({&sequence, 1});
}

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

void encode_text(Run& run) {
    const LoadedModel& model = *run.model;
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

bool is_mine(const std::string& parts) {
    return parts == "mine" || parts.starts_with("mine=");
}

const Parts& parts_in_process(const std::string& parts) {
    return parts == "chapters" ? runner::chapters_parts() : fast_parts();
}

void run_model(Run& run, const std::string& parts, const std::stop_token& stop) {
    if (run.encoding.ids.empty()) return;
    run.parts = parts;
    const bool made = is_mine(parts) && run_there(run, parts, stop);
    if (!made) run_here(run, parts_in_process(parts), stop);
    if (parts == "chapters") compare_with_library(run, stop);
    run.attention = summarise_attention(run);
}

}  // namespace vitrine::viz

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

/// The logits among the activations; nothing if there are none.
Tensor2 logits_of(const ActivationCache& activations, const char* name) {
    const auto found = activations.find(name);
    if (found == activations.end()) return {};
    Tensor2 logits = uninitialized<2>({found->second.shape.at(0), found->second.shape.at(1)});
    std::copy(found->second.values.begin(), found->second.values.end(), logits.begin());
    return logits;
}

/// One forward pass in this process.
void run_here(Run& run, const Parts& parts, const std::stop_token& stop) {
    using Clock = std::chrono::steady_clock;
    Record record = Record::all();
    const LanguageModel* language = run.model->language();
    const auto start = Clock::now();
    if (language != nullptr) {
        const Sequence sequence{run.encoding.ids, nullptr, &record};
        run.logits = std::move(language->forward({&sequence, 1}, Logits::all, parts, stop).front());
    } else {
        const TokenInput input{run.encoding.ids, run.encoding.type_ids, {}, &record};
        run.model->encoder()->forward({&input, 1}, parts, stop);
    }
    run.forward_seconds = std::chrono::duration<double>(Clock::now() - start).count();
    run.activations = record.take_cache();
    if (language == nullptr) run.logits = logits_of(run.activations, "mlm_logits");
}

void compare_with_library(Run& run, const std::stop_token& stop) {
    auto report = std::make_shared<runner::PartsReport>();
    runner::compare_chain(
        runner::trace(*run.model->language(), run.encoding.ids, fast_parts(), stop),
        run.activations, *report);
    run.report = std::move(report);
}

/// In the learner's process. False if it gave nothing to show.
bool run_there(Run& run, const std::string& parts, const std::stop_token& stop) {
    LearnerRun made = run_learner(run.model->folder, run.encoding.ids, parts, stop);
    run.parts_problem = made.problem;
    run.report = std::make_shared<const runner::PartsReport>(std::move(made.report));
    run.logits = logits_of(made.activations, "logits");
    if (run.logits.size() == 0) {
        if (run.parts_problem.empty()) run.parts_problem = "your parts gave no logits";
        return false;
    }
    run.activations = std::move(made.activations);
    return true;
}

/// An encoder's tokens stand around the text, [CLS] and [SEP]; a text that is too long is cut
/// between them.
void encode_between_specials(Run& run) {
    const Tokenizer& tokenizer = *run.model->tokenizer;
    Truncation truncation;
    truncation.max_length = run.model->info().max_positions;
    std::vector<Encoding> windows = tokenizer.encode_windows(run.text, truncation);
    run.truncated = windows.size() > 1;
    run.encoding = std::move(windows.front());
    Encoding& encoding = run.encoding;
    const auto stands_around = [&](std::size_t i) {
        return tokenizer.is_special(encoding.ids[i]) &&
               encoding.offsets[i][0] == encoding.offsets[i][1];
    };
    run.has_start = !encoding.ids.empty() && stands_around(0);
    // What stands behind the text has its place there.
    const Index end = count_characters(run.text);
    for (std::size_t i = encoding.ids.size(); i-- > 1 && stands_around(i);)
        encoding.offsets[i] = {end, end};
}

}  // namespace

std::shared_ptr<const LoadedModel> load_with_tokenizer(const std::filesystem::path& folder) {
    auto loaded = std::make_shared<LoadedModel>();
    loaded->name = folder.filename().string();
    loaded->folder = folder.string();
    loaded->model = vitrine::load_model(folder);
    if (loaded->language() == nullptr && loaded->encoder() == nullptr) {
        throw FileError(folder.string(), "a model that reads one text",
                        "\"" + loaded->info().family + "\", which the app does not show yet");
    }
    loaded->tokenizer = std::make_unique<const Tokenizer>(Tokenizer::load(folder));
    return loaded;
}

void warm_up(const LoadedModel& model) {
    const std::vector<int> ids(8, 0);
    if (const LanguageModel* language = model.language()) {
        const Sequence sequence{ids, nullptr, nullptr};
        language->forward({&sequence, 1});
    } else {
        const TokenInput input{ids};
        model.encoder()->forward({&input, 1});
    }
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
    if (model.encoder() != nullptr) return encode_between_specials(run);
    run.encoding = model.tokenizer->encode(run.text, false);
    const int start = model.info().bos_id;
    Encoding& encoding = run.encoding;
    run.has_start = start >= 0;
    if (run.has_start) {
        encoding.ids.insert(encoding.ids.begin(), start);
        encoding.tokens.insert(encoding.tokens.begin(), model.tokenizer->token(start));
        encoding.offsets.insert(encoding.offsets.begin(), {0, 0});
        encoding.type_ids.insert(encoding.type_ids.begin(), 0);
    }
    const auto most = static_cast<std::size_t>(model.info().max_positions);
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
    const bool learners = is_mine(parts) && run.model->language() != nullptr;
    if (is_mine(parts) && !learners)
        run.parts_problem = "your parts run in models that predict the next token";
    const bool made = learners && run_there(run, parts, stop);
    if (!made) run_here(run, parts_in_process(parts), stop);
    if (parts == "chapters" && run.model->language() != nullptr) compare_with_library(run, stop);
    run.attention = summarise_attention(run);
}

}  // namespace vitrine::viz

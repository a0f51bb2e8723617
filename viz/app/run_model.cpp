#include "viz/app/run_model.h"

#include "chapters/runner/chapters_parts.h"
#include "chapters/runner/comparison.h"
#include "io/model_places.h"
#include "text/utf8.h"
#include "text/utf8_stream.h"
#include "viz/app/learner_run.h"
#include "viz/app/run_kinds.h"
#include "viz/app/text_lines.h"
#include "viz/app/text_pair.h"
#include "viz/views/attention_summary.h"

namespace vitrine::viz {

namespace {

/// What a token adds to a text. Some tokenizers put a space in front of the first word of a text,
/// which is no part of the text. Ids that only the model's tables have, to fill them up, add
/// nothing.
std::string added_by(const Tokenizer& tokenizer, int id, bool is_first) {
    if (id >= tokenizer.vocabulary()) return {};
    std::string bytes = tokenizer.bytes(id);
    if (is_first && tokenizer.prefixes_space() && bytes.starts_with(' ')) bytes.erase(0, 1);
    return bytes;
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

}  // namespace

std::shared_ptr<const LoadedModel> load_with_tokenizer(const std::filesystem::path& folder) {
    auto loaded = std::make_shared<LoadedModel>();
    loaded->name = model_name_of(folder);
    loaded->folder = folder.string();
    loaded->model = vitrine::load_model(folder);
    if (loaded->clip() != nullptr) loaded->pictures = ImageProcessor::load(folder);
    loaded->tokenizer = std::make_unique<const Tokenizer>(Tokenizer::load(folder));
    return loaded;
}

void warm_up(const LoadedModel& model) {
    const std::vector<int> ids(8, 0);
    const Sequence sequence{ids, nullptr, nullptr};
    const TokenInput input{ids};
    if (const LanguageModel* language = model.language()) {
        language->forward({&sequence, 1});
    } else if (const Encoder* encoder = model.encoder()) {
        encoder->forward({&input, 1});
    } else if (const EncoderDecoder* both = model.text_to_text()) {
        both->after(std::move(both->encode({&input, 1}).front()))->forward({&sequence, 1});
    } else {
        model.clip()->embed_texts({&input, 1});
    }
}

bool stands_around(const Tokenizer& tokenizer, const Encoding& encoding, std::size_t i) {
    return tokenizer.is_special(encoding.ids[i]) &&
           encoding.offsets[i][0] == encoding.offsets[i][1];
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
        encoding.tokens.push_back(ids[i] < tokenizer.vocabulary() ? tokenizer.token(ids[i])
                                                                  : "#" + std::to_string(ids[i]));
        encoding.offsets.push_back({inside ? begin - 1 : begin, count_characters(bytes)});
        encoding.type_ids.push_back(0);
    }
    return encoding;
}

void encode_text(Run& run) {
    const LoadedModel& model = *run.model;
    if (model.language() == nullptr) {
        if (model.clip() != nullptr) {
            run.captions = lines_of(run.text);
            if (run.captions.empty()) run.captions.emplace_back();
            run.text = run.captions.front();
        }
        const auto pair = pair_of(model, run.text);
        run.encoding = pair ? encode_pair(model, *pair, run.truncated)
                            : encode_between_specials(model, run.text, run.truncated);
        // T5 puts nothing in front of a text, but an end behind it: alone it is no start.
        run.has_start =
            run.encoding.ids.size() > 1 && stands_around(*model.tokenizer, run.encoding, 0);
        return;
    }
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
    find_attention(run);
}

}  // namespace vitrine::viz

// What the worker hands to the views: one run of the model on one text, never changed afterwards.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "activations/record.h"
#include "generate/sampling.h"
#include "models/language_model.h"
#include "text/tokenizer.h"

namespace vitrine::runner {
struct PartsReport;  // chapters/runner/comparison.h
}

namespace vitrine::viz {

struct AttentionSummary;  // viz/views/attention_summary.h

/// A loaded model with its tokenizer. Shared by all runs made with it.
struct LoadedModel {
    std::string name;  // "vitrine-small"
    std::string folder;
    std::unique_ptr<const LanguageModel> model;
    std::unique_ptr<const Tokenizer> tokenizer;
};

struct Run {
    std::uint64_t serial = 0;  // of the request it answers
    std::shared_ptr<const LoadedModel> model;
    std::string text;              // what the learner typed
    Encoding encoding;             // of `text`; with the start token in front if has_start
    bool has_start = false;        // position 0 is the model's start token, not typed
    bool truncated = false;        // the text was longer than the model's positions
    ActivationCache activations;   // all names of DESIGN: "blocks.0.attn.pattern" [H, T, S] ...
    Tensor2 logits;                // [T, V]
    double forward_seconds = 0.0;  // measured, of the forward pass alone
    std::shared_ptr<const AttentionSummary> attention;  // by summarise_attention(), in the worker
    std::string parts = "fast";  // what it was computed with: fast, chapters, mine or mine=...
    std::shared_ptr<const runner::PartsReport> report;  // those parts against the library's
    std::string parts_problem;  // why the learner's parts gave nothing: this is the library's run

    Index positions() const { return static_cast<Index>(encoding.ids.size()); }
    /// "blocks.L.NAME"; null if it was not kept.
    const Activation* at(Index layer, const std::string& name) const;
};

/// What generation has made so far; a new object for every new token.
struct GenerationProgress {
    bool running = false;
    std::string
        finish;  // why it ended: "length", "eos", "positions", "stopped"; empty while it runs
    double tokens_per_second = 0.0;
};

}  // namespace vitrine::viz

// What the worker hands to the views: one run of the model on one text, never changed afterwards.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "activations/record.h"
#include "generate/sampling.h"
#include "models/decoder.h"
#include "models/registry.h"
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
    Model model;  // an encoder, or one that predicts the next token
    std::unique_ptr<const Tokenizer> tokenizer;

    const ModelInfo& info() const { return info_of(model); }
    const LanguageModel* language() const;  // null if it does not predict what comes next
    const Decoder* decoder() const;         // null if it is no stack of decoder blocks
    const Encoder* encoder() const;         // null if it is none
    const Matrix* token_table() const;      // [V, C], null if there is none to look at
    const Matrix* position_table() const;   // learned vectors [positions, C]; null: none
};

struct Run {
    std::uint64_t serial = 0;  // of the request it answers
    std::shared_ptr<const LoadedModel> model;
    std::string text;              // what the learner typed
    Encoding encoding;             // of `text`; with the start token in front if has_start
    bool has_start = false;        // position 0 is the model's start token, not typed
    bool truncated = false;        // the text was longer than the model's positions
    ActivationCache activations;   // all names of DESIGN: "blocks.0.attn.pattern" [H, T, S] ...
    Tensor2 logits;                // [T, V]: of the token that follows each position; of an
                                   // encoder, of the one that stands there; may be empty
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

// The generation loop: one token at a time, or beams.
#pragma once

#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "generate/sampling.h"
#include "models/language_model.h"
#include "tensor/random.h"
#include "text/tokenizer.h"

namespace vitrine {

/// Generates token by token and keeps its state between calls: a step is a call of next().
class Generation {
   public:
    /// @param prompt  at least one id; longer than the model's positions is an ArgumentError
    Generation(const LanguageModel& model, std::vector<int> prompt, Sampling options,
               const Parts& parts = fast_parts());

    /// Draws the next token and appends it. @throws ArgumentError when the model's positions are
    /// full
    int next(std::stop_token stop = {});

    /// The same from logits [V] that were computed elsewhere, of the text so far.
    int next_from(std::span<const Real> logits);

    bool full() const;  // no position is left
    const std::vector<int>& ids() const { return ids_; }
    /// Probabilities [V] that the last token was drawn from; empty before the first.
    const std::vector<Real>& probabilities() const { return probabilities_; }

   private:
    const LanguageModel* model_;
    const Parts* parts_;
    Sampling options_;
    Random random_;
    State state_;
    std::vector<int> ids_;
    std::vector<Real> probabilities_;
};

struct GenerateOptions {
    Sampling sampling;
    Index max_new_tokens = 64;
    int beams = 1;                  // > 1: beam search, no sampling
    std::vector<std::string> stop;  // generation ends before one of these texts
    bool ignore_eos = false;
};

struct Generated {
    std::vector<int> ids;            // with the prompt in front
    std::string text;                // of the new tokens, stop text left out
    double tokens_per_second = 0.0;  // of decoding, the prompt's forward pass left out
    std::string finish;              // "length", "eos", "stop" (text), "positions", "stopped"
};

/// Generates until the length, the end-of-text token, a stop text or the model's last position.
/// @param on_text  gets the text as it comes: whole UTF-8 characters only, never a part of a stop
/// text
Generated generate(const LanguageModel& model, const Tokenizer& tokenizer,
                   const std::vector<int>& prompt, const GenerateOptions& options,
                   const std::function<void(std::string_view)>& on_text = {},
                   const Parts& parts = fast_parts(), const std::stop_token& stop = {});

/// One way on in a beam search.
struct Beam {
    std::vector<int> ids;  // with the prompt in front
    double score = 0.0;    // sum of log probabilities / length of the new tokens
};

/// Beam search as transformers does it (early_stopping = false, length_penalty = 1).
/// @return  the finished beams, best first
std::vector<Beam> beam_search(const LanguageModel& model, const std::vector<int>& prompt,
                              const GenerateOptions& options, const Parts& parts = fast_parts(),
                              const std::stop_token& stop = {});

}  // namespace vitrine

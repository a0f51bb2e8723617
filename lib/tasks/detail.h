// What the tasks share.
#pragma once

#include "pipeline.h"
#include "tensor/error.h"

namespace vitrine::tasks {

constexpr std::size_t rows_at_a_time = 32;  // of a batch

/// The model as one of a kind. @throws ArgumentError  for another
template <class Kind>
const Kind& as(const LoadedModel& model, const char* expected) {
    if (const auto* found = std::get_if<std::unique_ptr<Kind>>(&model.model)) return **found;
    throw ArgumentError(model.folder.string(), expected,
                        "a model of the kind \"" + info_of(model.model).family + "\"");
}

/// The text as the model reads it. @throws ArgumentError  more tokens than `longest`, unless cut
Encoding encode(const Tokenizer& tokenizer, const TaskText& text, Index longest, bool truncate);

/// Texts some at a time, as the encoder reads them; `run` gets the number of the first.
void in_batches(const Tokenizer& tokenizer, const Encoder& encoder, std::span<const TaskText> texts,
                Index longest, bool truncate,
                const std::function<void(std::size_t, const std::vector<Encoding>&,
                                         const std::vector<TokenInput>&)>& run);

/// What the encoder makes of texts [T_i, C], some at a time; `each` gets the text's number.
void run_encoder(const LoadedModel& model, const Encoder& encoder, std::span<const TaskText> texts,
                 const TaskOptions& options,
                 const std::function<void(std::size_t, const Encoding&, const Tensor2&)>& each);

std::vector<double> softmax(std::span<const Real> logits);

}  // namespace vitrine::tasks

// The training loop: from a recipe to a model folder, with a log, checkpoints and resume.
// OUT holds recipe.json, log.jsonl, data/ (token files), checkpoints/ and, when the run is through,
// the model itself. A run that was cut off at any moment goes on from its last checkpoint.
#pragma once

#include <functional>
#include <stop_token>

#include "tensor/error.h"
#include "train/recipe.h"

namespace vitrine::train {

struct RunHooks {
    /// Gets every line of log.jsonl as it is written. "event" says which kind: "data", "start",
    /// "step", "validation", "detail", "checkpoint", "sample", "end".
    std::function<void(const nlohmann::json&)> on_log;
    /// Gets the bytes of text read while the token files are made.
    std::function<void(std::size_t)> on_data;
};

/// How a run ended.
struct RunResult {
    Index step = 0;         // steps that are done
    bool finished = false;  // false: it was asked to stop, a checkpoint is there
    double validation_loss = 0.0;
    double bits_per_byte = 0.0;  // 0: no validation text
};

/// Begins a run. @param out  an empty folder or none yet
/// @throws ArgumentError  if `out` holds a run already, or the memory does not suffice (with the
///                        sizes); FileError for texts, tokenizer or disk; Stopped before the first
///                        step; TrainingError if the loss is not finite
RunResult begin_run(const Recipe& recipe, const std::filesystem::path& out, const RunHooks& hooks,
                    const std::stop_token& stop = {});

/// Goes on from the last checkpoint, by the recipe in `out`; from the start if there is none yet.
RunResult resume_run(const std::filesystem::path& out, const RunHooks& hooks,
                     const std::stop_token& stop = {});

/// A step whose loss or gradient is not finite: names the step, the batch and the first tensor.
class TrainingError : public Error {
    using Error::Error;
};

struct Evaluation {
    double loss = 0.0;           // a token, in nats
    double bits_per_byte = 0.0;  // of the text
};
/// Of all documents of a file: windows of the model's positions one after the other, the first of
/// each document starting with its begin token.
/// @param rows  windows that are taken together
Evaluation evaluate(Trainer& trainer, const TokenFile& file, Index rows);

/// Bytes that a training step of `rows` rows of T takes: parameters, gradients, optimizer and
/// activations.
std::size_t training_bytes(const Trainer& trainer, Index rows, Index T);
/// @throws ArgumentError  if `needed` is more than `available`, with what to do
void check_memory(std::size_t needed, std::size_t available);
/// Bytes that this process may still take: what is free, and what a control group allows.
std::size_t available_memory();

}  // namespace vitrine::train

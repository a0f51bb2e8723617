// A training run on disk, at one of its steps: a model folder in Hugging Face form, and what the
// optimizer remembers. OUT/checkpoints/step-00000250/ appears whole or not at all.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "train/adamw.h"
#include "train/trainer.h"

namespace vitrine::train {

struct Progress {
    Index step = 0;      // steps that are done
    Index tokens = 0;    // trained on so far
    double seconds = 0;  // of training, over all sittings
};

/// Writes config.json, model.safetensors, tokenizer.json.
/// @param config     the trainer's, with what the tokenizer adds to it
/// @throws FileError  and leaves an existing file as it was
void write_model(const std::filesystem::path& folder, const Trainer& trainer,
                 const nlohmann::json& config, const std::filesystem::path& tokenizer, DType dtype);

/// @param out    of the run
/// @param state  nullptr: a model to look at, that no run goes on from
/// @param dtype  of the weights; to go on from a checkpoint it must be float32
/// @throws FileError  and leaves the earlier checkpoints as they are
std::filesystem::path write_checkpoint(const std::filesystem::path& out, const Trainer& trainer,
                                       const AdamWState* state, const Progress& progress,
                                       const nlohmann::json& config,
                                       const std::filesystem::path& tokenizer,
                                       DType dtype = DType::float32);

struct Checkpoint {
    Index step = 0;
    std::filesystem::path folder;
    bool resumes = false;  // it has what the optimizer remembers
};
/// Of a run, by step.
std::vector<Checkpoint> checkpoints(const std::filesystem::path& out);

/// Puts the model and the optimizer back. @throws FileError
Progress read_checkpoint(const std::filesystem::path& folder, Trainer& trainer, AdamWState& state);

/// Removes checkpoints before the last two that a run can go on from, but for the models of steps
/// that `keeps` says true to.
void thin_out(const std::filesystem::path& out, const std::function<bool(Index)>& keeps);

}  // namespace vitrine::train

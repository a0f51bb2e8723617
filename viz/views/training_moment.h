// What a model in training makes of a text at one of its checkpoints.
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "viz/app/run.h"

namespace vitrine::viz {

struct TrainingMoment {
    Index step = 0;
    std::shared_ptr<const Run> run;  // of the checkpoint's model on the text
    std::string written;             // what that model goes on with
};

/// Loads the checkpoint, runs it on the text and lets it write on, always with the same chance.
/// @param before  a model of the same folder is used again; may be null
/// @throws FileError  if the checkpoint is not there any more; Stopped
std::shared_ptr<const TrainingMoment> training_moment(const std::filesystem::path& folder,
                                                      Index step, const std::string& text,
                                                      std::shared_ptr<const LoadedModel> before,
                                                      const std::stop_token& stop);

}  // namespace vitrine::viz

// A learner's functions as parts of training: each call is guarded, and its result's shape is
// looked at.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "train/training_parts.h"

namespace vitrine::cli {

class LearnerTraining {
   public:
    /// @param objects  shared objects by the name of the exercise
    LearnerTraining(const std::map<std::string, std::filesystem::path>& objects,
                    const char* status_file);
    ~LearnerTraining();
    LearnerTraining(const LearnerTraining&) = delete;
    LearnerTraining& operator=(const LearnerTraining&) = delete;

    /// The library's parts with the learner's in their places.
    const train::TrainingParts& parts() const { return parts_; }
    /// The exercises that are the learner's and have been written, as far as they were called.
    std::vector<std::string> written() const;

   private:
    struct Shared;
    std::unique_ptr<Shared> shared_;
    train::TrainingParts parts_;
};

}  // namespace vitrine::cli

// A run of the character model: the same batches in the same order, whoever's parts it is trained
// with.
#pragma once

#include "chapters/10_training/character_model.h"

namespace vitrine::chapters {

class CharacterTraining {
   public:
    static constexpr Index B = 16;  // windows in a batch

    CharacterTraining(CharacterText text, Index steps, std::uint64_t seed);

    /// One step with the given parts. Returns the loss of the batch before it.
    double step(const Parts& parts, const train::TrainingParts& training);
    /// The next 160 characters behind a line break, at a temperature of 0.8.
    std::string sample(const Parts& parts) const;

    const CharacterText& text() const { return text_; }
    const train::Schedule& schedule() const { return schedule_; }
    CharacterModel& model() { return model_; }
    const CharacterModel& model() const { return model_; }

   private:
    CharacterText text_;
    CharacterModel model_;
    train::Schedule schedule_;
    Random random_;
};

/// The gradients of one batch for every parameter of the model.
struct GradientCheck {
    /// One column: what is computed by the parts under test, the rest being the reference's.
    struct Column {
        std::string name;            // "together", or that of the one part that is under test
        std::vector<Real> grads;     // [P]
        std::vector<double> errors;  // by parameter: |grads - reference| / |reference|
    };
    std::vector<CharacterModel::Parameter> parameters;
    std::vector<Real> reference;  // [P]
    std::vector<double> slopes;   // by parameter: how the loss rises along the reference gradient,
                                  // measured by moving the parameter both ways
    std::vector<double> lengths;  // by parameter: |reference|, which the slope should be
    std::vector<Column> columns;
};

/// The parts of training that a gradient is made of.
const std::vector<std::string>& gradient_parts();

/// Compares gradients with the reference's on a model that has learnt a little.
/// @param names  the parts of `training` that are under test: "linear_backward", ...
GradientCheck check_gradients(const Parts& parts, const train::TrainingParts& training,
                              const train::TrainingParts& reference,
                              const std::vector<std::string>& names, const CharacterText& text);

}  // namespace vitrine::chapters

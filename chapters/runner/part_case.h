// The arguments of one call of a part, and the reference's result, as a small file of tensors: what
// `vitrine check --case FILE` replays in the learner's debugger.
#pragma once

#include "chapters/runner/case.h"
#include "nn/parts.h"

namespace vitrine::runner {

/// The arguments of a call, by name.
class PartCase {
   public:
    explicit PartCase(std::string exercise) : exercise_(std::move(exercise)) {}

    template <std::size_t N>
    PartCase& with(const std::string& name, const Ref<N>& tensor) {
        const Tensor<N> dense = tensor.copy();
        tensors_[name] = to_write(std::span<const float>(dense.data(), dense.size()),
                                  {tensor.shape.begin(), tensor.shape.end()});
        return *this;
    }
    template <std::size_t N>
    PartCase& with(const std::string& name, const Tensor<N>& tensor) {
        return with(name, Ref<N>(tensor));
    }
    PartCase& with(const std::string& name, std::span<const int> ids);
    PartCase& with(const std::string& name, double number);
    PartCase& with(const std::string& name, const Matrix& matrix);
    PartCase& with(const std::string& name, const Linear& linear);
    PartCase& with(const std::string& name, const Bias& bias);
    PartCase& with(const std::string& name, const Rotary& rotary);
    PartCase& with(const std::string& name, const NormWeights& weights);
    PartCase& with(const std::string& name, const AttentionWeights& weights);
    PartCase& with(const std::string& name, const FeedForwardWeights& weights);
    PartCase& with(const std::string& name, const BlockWeights& weights);
    PartCase& with(const std::string& name, const DecoderWeights& weights);

    /// Writes the arguments with the result that was expected. @throws FileError
    void write(const std::filesystem::path& file, const Values& expected) const;

   private:
    std::string exercise_;
    std::map<std::string, TensorToWrite> tensors_;
};

/// The exercises that are parts of a model.
bool is_part(const std::string& exercise);
/// The exercises that are parts of training.
bool is_training_part(const std::string& exercise);

/// The call that a file holds. The parts it calls in turn are the library's.
/// @throws FileError  for what is missing, ShapeError for another rank
Case read_part_case(const std::string& exercise, const TensorFile& file);

}  // namespace vitrine::runner

// All parameters of a model in one piece of memory, and their gradients in another of the same
// layout: the optimizer walks over both once.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "io/safetensors.h"
#include "tensor/tensor.h"

namespace vitrine::train {

struct Parameter {
    std::string name;  // as Hugging Face calls it: "transformer.h.0.ln_1.weight"
    std::vector<Index> shape;
    Index begin = 0, size = 0;  // where it lies, in elements

    /// Its part of the values or of the gradients of all.
    std::span<const Real> in(std::span<const Real> all) const {
        return all.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(size));
    }
};

class Parameters {
   public:
    /// Adds a parameter of zeros behind the others; matrices decay. Returns its number.
    std::size_t add(std::string name, std::vector<Index> shape);

    const std::vector<Parameter>& list() const { return list_; }
    std::span<Real> values() { return values_; }
    std::span<const Real> values() const { return values_; }
    std::span<Real> grads() { return grads_; }
    std::span<const Real> grads() const { return grads_; }
    Real* value(std::size_t number) { return values_.data() + list_[number].begin; }
    Real* grad(std::size_t number) { return grads_.data() + list_[number].begin; }
    /// Begins and ends of the ranges that decay: the matrices.
    const std::vector<Index>& decays() const { return decays_; }

    void zero_grads();
    /// Takes every value from the tensor of its name.
    /// @throws FileError  for one that is missing, ShapeError for another shape
    void read(const TensorFile& file);
    /// Writes all values in one step. @throws FileError
    void write(const std::filesystem::path& file, DType dtype = DType::float32) const;

   private:
    std::vector<Parameter> list_;
    std::vector<Real> values_, grads_;
    std::vector<Index> decays_;
};

}  // namespace vitrine::train

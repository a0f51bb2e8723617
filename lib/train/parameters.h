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
    std::span<Real> grads();
    std::span<const Real> grads() const;
    Real* value(std::size_t number) { return values_.data() + list_[number].begin; }
    Real* grad(std::size_t number);
    /// The gradient of a parameter for somebody who adds to all of it: the first after zero_grads()
    /// need not read it. Half a gigabyte less to move in a step of GPT-2.
    struct Sum {
        Real* to = nullptr;
        bool adds = true;  // false: `to` is overwritten
    };
    Sum sum(std::size_t number);
    /// Begins and ends of the ranges that decay: the matrices.
    const std::vector<Index>& decays() const { return decays_; }

    /// Large ones are zeroed when somebody looks at them before sum() writes them.
    void zero_grads();
    /// Takes every value from the tensor of its name.
    /// @throws FileError  for one that is missing, ShapeError for another shape
    void read(const TensorFile& file);
    /// Writes all values in one step. @throws FileError
    void write(const std::filesystem::path& file, DType dtype = DType::float32) const;

   private:
    void settle(std::size_t number) const;
    void settle_all() const;

    std::vector<Parameter> list_;
    std::vector<Real> values_;
    mutable std::vector<Real> grads_;
    mutable std::vector<char> waits_;  // of each parameter: its gradient is to be zeroed yet
    std::vector<Index> decays_;
};

}  // namespace vitrine::train

#include "train/parameters.h"

#include <algorithm>
#include <map>

#include "tensor/shape.h"

namespace vitrine::train {

std::size_t Parameters::add(std::string name, std::vector<Index> shape) {
    Parameter parameter{std::move(name), std::move(shape), static_cast<Index>(values_.size()), 1};
    for (const Index extent : parameter.shape) parameter.size *= extent;
    const Index end = parameter.begin + parameter.size;
    if (parameter.shape.size() >= 2) {
        if (!decays_.empty() && decays_.back() == parameter.begin) {
            decays_.back() = end;
        } else {
            decays_.insert(decays_.end(), {parameter.begin, end});
        }
    }
    values_.resize(static_cast<std::size_t>(end));
    grads_.resize(static_cast<std::size_t>(end));
    waits_.push_back(0);
    list_.push_back(std::move(parameter));
    return list_.size() - 1;
}

namespace {

void fill_zeros(Real* numbers, Index count) {
#pragma omp parallel for simd schedule(static) if (count > (1 << 15))
    for (Index i = 0; i < count; ++i) numbers[i] = 0;
}

}  // namespace

void Parameters::zero_grads() {
    constexpr Index large = 1 << 15;
    for (std::size_t i = 0; i < list_.size(); ++i) {
        waits_[i] = 1;
        if (list_[i].size < large) settle(i);
    }
}

void Parameters::settle(std::size_t number) const {
    if (waits_[number] == 0) return;
    waits_[number] = 0;
    fill_zeros(grads_.data() + list_[number].begin, list_[number].size);
}

void Parameters::settle_all() const {
    for (std::size_t i = 0; i < list_.size(); ++i) settle(i);
}

std::span<const Real> Parameters::grads() const {
    settle_all();
    return grads_;
}

std::span<Real> Parameters::grads() {
    settle_all();
    return grads_;
}

Real* Parameters::grad(std::size_t number) {
    settle(number);
    return grads_.data() + list_[number].begin;
}

Parameters::Sum Parameters::sum(std::size_t number) {
    const bool first = waits_[number] != 0;
    waits_[number] = 0;
    return {grads_.data() + list_[number].begin, !first};
}

void Parameters::read(const TensorFile& file) {
    for (const Parameter& each : list_) {
        const StoredTensor& stored = file.at(each.name);
        check_shape(each.name, stored.shape, each.shape);
        const std::vector<float> numbers = stored.floats();
        std::copy(numbers.begin(), numbers.end(), values_.begin() + each.begin);
    }
}

void Parameters::write(const std::filesystem::path& file, DType dtype) const {
    std::map<std::string, TensorToWrite> tensors;
    for (const Parameter& each : list_) {
        const std::span<const Real> own = each.in(values_);
        const std::vector<float> numbers(own.begin(), own.end());
        tensors[each.name] = to_write(numbers, each.shape, dtype);
    }
    write_safetensors(file, tensors, {{"format", "pt"}});
}

}  // namespace vitrine::train

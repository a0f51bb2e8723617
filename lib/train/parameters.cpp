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
    list_.push_back(std::move(parameter));
    return list_.size() - 1;
}

void Parameters::zero_grads() {
    std::fill(grads_.begin(), grads_.end(), Real{0});
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

#include "models/weight_reader.h"

#include <algorithm>
#include <utility>

#include "tensor/error.h"
#include "tensor/shape.h"

namespace vitrine {

namespace {

/// The name that a checkpoint from TensorFlow gives the tensor of a norm; empty: no other.
std::string legacy_name(const std::string& name) {
    const std::size_t dot = name.rfind('.') + 1;
    if (name.substr(dot) == "weight") return name.substr(0, dot) + "gamma";
    if (name.substr(dot) == "bias") return name.substr(0, dot) + "beta";
    return {};
}

}  // namespace

int special_id(const ConfigFile& config, const std::string& key, Index vocabulary) {
    const Index id = config.integer({key + ".0", key}, -1, INT32_MAX, -1);
    return id < vocabulary ? static_cast<int>(id) : -1;
}

Index even_head_width(const ConfigFile& config, const Extent& width, const Extent& heads) {
    if (width.size % heads.size != 0) {
        throw FileError(config.where() + ", \"" + width.key + "\"",
                        "a multiple of " + heads.key + " = " + std::to_string(heads.size),
                        std::to_string(width.size));
    }
    return width.size / heads.size;
}

Activate activation_named(const std::string& name, const std::string& where) {
    if (name == "gelu_new" || name == "gelu_pytorch_tanh" || name == "gelu_fast") {
        return Activate::gelu_tanh;
    }
    if (name == "gelu") return Activate::gelu_exact;
    if (name == "quick_gelu") return Activate::quick_gelu;
    if (name == "relu") return Activate::relu;
    if (name == "silu" || name == "swish") return Activate::silu;
    throw FileError(where, "gelu_new, gelu_pytorch_tanh, gelu, quick_gelu, relu or silu",
                    "\"" + name + "\"");
}

Activate read_activation(const ConfigFile& config, ConfigFile::Names keys,
                         const std::string& fallback) {
    return activation_named(config.text(keys, fallback),
                            config.where() + ", \"" + *keys.begin() + "\"");
}

WeightReader::WeightReader(const TensorFile& tensors, std::vector<std::string> prefixes)
    : tensors_(&tensors), prefixes_(std::move(prefixes)) {}

const StoredTensor* WeightReader::lookup(const std::string& name) const {
    for (const std::string& tried : {name, legacy_name(name)}) {
        if (tried.empty()) continue;
        for (const std::string& prefix : prefixes_) {
            if (tensors_->contains(prefix + tried)) return &tensors_->at(prefix + tried);
        }
    }
    return nullptr;
}

const StoredTensor& WeightReader::find(const std::string& name, const std::vector<Extent>& shape) {
    const StoredTensor* found = lookup(name);
    std::vector<Index> expected;
    std::string keys;
    for (const Extent& extent : shape) {
        expected.push_back(extent.size);
        keys += (keys.empty() ? "" : ", ") + extent.key;
    }
    const std::string where = tensors_->path().string() + ", tensor \"" + name + "\"";
    const std::string hint = "config.json gives this shape by " + keys;
    if (found == nullptr) throw FileError(where, shape_text(expected), "no such tensor", hint);
    if (found->shape != expected) {
        throw FileError(where, shape_text(expected), shape_text(found->shape), hint);
    }
    if (found->dtype != DType::float32 && found->dtype != DType::float16 &&
        found->dtype != DType::bfloat16) {
        throw FileError(where, "float32, float16 or bfloat16",
                        std::string(dtype_name(found->dtype)));
    }
    used_.insert(found);
    return *found;
}

Matrix WeightReader::matrix(const std::string& name, const Extent& rows, const Extent& columns) {
    return flattened(name, {rows, columns});
}

Matrix WeightReader::flattened(const std::string& name, const std::vector<Extent>& shape) {
    const StoredTensor& stored = find(name, shape);
    Matrix matrix;
    matrix.data = stored.data;
    matrix.rows = stored.shape.front();
    matrix.columns = stored.size() / matrix.rows;
    matrix.leading = matrix.columns;
    matrix.dtype = stored.dtype;
    matrix.keep_alive = stored.keep_alive;
    return matrix;
}

std::vector<float> WeightReader::values(const std::string& name, const std::vector<Extent>& shape) {
    return find(name, shape).floats();
}

Tensor1 WeightReader::vector(const std::string& name, const Extent& size) {
    const std::vector<float> numbers = values(name, {size});
    Tensor1 result = uninitialized<1>({size.size});
    std::copy(numbers.begin(), numbers.end(), result.begin());
    return result;
}

Tensor2 WeightReader::table(const std::string& name, const Extent& rows, const Extent& columns) {
    return matrix(name, rows, columns).values();
}

Linear WeightReader::linear(const std::string& name, const Extent& in, const Extent& out,
                            bool bias) {
    return Linear{matrix(name + ".weight", out, in).transpose(),
                  bias ? vector(name + ".bias", out) : Tensor1()};
}

NormWeights WeightReader::norm(const std::string& name, const Extent& size, float epsilon,
                               Norm kind) {
    return {vector(name + ".weight", size),
            kind == Norm::layer ? vector(name + ".bias", size) : Tensor1(), epsilon, kind};
}

void WeightReader::measure(ModelInfo& info, DType dtype) const {
    info.parameters = 0;
    info.weight_bytes = 0;
    for (const StoredTensor* tensor : used_) {
        info.parameters += tensor->size();
        info.weight_bytes += static_cast<std::size_t>(tensor->size()) * dtype_size(tensor->dtype);
    }
    info.dtype = dtype_name(dtype);
}

}  // namespace vitrine

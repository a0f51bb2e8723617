#include "models/weight_reader.h"

#include <algorithm>
#include <utility>

#include "tensor/error.h"
#include "tensor/shape.h"

namespace vitrine {

int special_id(const ConfigFile& config, const std::string& key, Index vocabulary) {
    const Index id = config.integer({key + ".0", key}, -1, INT32_MAX, -1);
    return id < vocabulary ? static_cast<int>(id) : -1;
}

WeightReader::WeightReader(const TensorFile& tensors, std::vector<std::string> prefixes)
    : tensors_(&tensors), prefixes_(std::move(prefixes)) {}

bool WeightReader::contains(const std::string& name) const {
    return std::any_of(prefixes_.begin(), prefixes_.end(),
                       [&](const std::string& p) { return tensors_->contains(p + name); });
}

const StoredTensor& WeightReader::find(const std::string& name,
                                       const std::vector<Extent>& shape) const {
    const StoredTensor* found = nullptr;
    for (const std::string& prefix : prefixes_) {
        if (found == nullptr && tensors_->contains(prefix + name)) {
            found = &tensors_->at(prefix + name);
        }
    }
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
    return *found;
}

Matrix WeightReader::matrix(const std::string& name, const Extent& rows,
                            const Extent& columns) const {
    const StoredTensor& stored = find(name, {rows, columns});
    Matrix matrix;
    matrix.data = stored.data;
    matrix.rows = rows.size;
    matrix.columns = columns.size;
    matrix.leading = columns.size;
    matrix.dtype = stored.dtype;
    matrix.keep_alive = stored.keep_alive;
    return matrix;
}

Tensor1 WeightReader::vector(const std::string& name, const Extent& size) const {
    const std::vector<float> values = find(name, {size}).floats();
    Tensor1 result = uninitialized<1>({size.size});
    std::copy(values.begin(), values.end(), result.begin());
    return result;
}

}  // namespace vitrine

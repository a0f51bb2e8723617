#include "io/safetensors.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "io/atomic_file.h"
#include "io/json.h"
#include "io/mapped_file.h"
#include "io/safetensors_header.h"
#include "tensor/error.h"
#include "tensor/shape.h"

namespace vitrine {

namespace {

using nlohmann::json;

template <class T>
T load(const void* data, std::size_t i) {
    T value;
    std::memcpy(&value, static_cast<const std::byte*>(data) + i * sizeof(T), sizeof(T));
    return value;
}

void map_file(const std::filesystem::path& path, std::map<std::string, StoredTensor>& tensors,
              std::map<std::string, std::string>& metadata) {
    const MappedFile file = MappedFile::open(path);
    SafetensorsHeader header = read_safetensors_header(file.bytes, path.string());
    for (auto& [name, entry] : header.tensors) {
        if (entry.begin % dtype_size(entry.dtype) != 0) {
            throw FileError(path.string() + ", tensor \"" + name + "\"",
                            "a start that is a multiple of its element size",
                            "byte " + std::to_string(entry.begin), "write the file anew");
        }
        StoredTensor tensor{name, entry.dtype, std::move(entry.shape),
                            file.bytes.data() + entry.begin, file.owner};
        if (!tensors.emplace(name, std::move(tensor)).second) {
            throw FileError(path.string(), "every tensor in one shard", "\"" + name + "\" in two");
        }
    }
    metadata.merge(header.metadata);
}

/// The shards an index names, each once. A name that leaves the folder is refused.
std::vector<std::string> shard_names(const std::filesystem::path& index_path) {
    const json index = read_json(index_path, 64U << 20U);
    const auto map = index.is_object() ? index.find("weight_map") : index.end();
    if (!index.is_object() || map == index.end() || !map->is_object()) {
        throw FileError(index_path.string(), "an object with \"weight_map\"", "none");
    }
    std::vector<std::string> names;
    for (const auto& [tensor, shard] : map->items()) {
        const std::string name = shard.is_string() ? shard.get<std::string>() : "";
        if (name.empty() || name.find('/') != std::string::npos || name == "..") {
            throw FileError(index_path.string() + ", tensor \"" + tensor + "\"",
                            "the name of a file in the same folder", shard.dump());
        }
        names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

/// Every tensor that the index promises is in the shards.
void check_index(const std::filesystem::path& index_path,
                 const std::map<std::string, StoredTensor>& tensors) {
    const json index = read_json(index_path, 64U << 20U);
    for (const auto& [tensor, shard] : index["weight_map"].items()) {
        if (tensors.count(tensor) == 0) {
            throw FileError(index_path.string(), "tensor \"" + tensor + "\" in " + shard.dump(),
                            "a shard without it", "download the shard again");
        }
    }
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replace = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replace});
        }
    }
    return row[b.size()];
}

}  // namespace

Index StoredTensor::size() const {
    Index count = 1;
    for (const Index extent : shape) count *= extent;
    return count;
}

std::vector<float> StoredTensor::floats() const {
    std::vector<float> values(static_cast<std::size_t>(size()));
    for (std::size_t i = 0; i < values.size(); ++i) {
        switch (dtype) {
            case DType::float32: values[i] = load<float>(data, i); break;
            case DType::float16: values[i] = float16_to_float(load<std::uint16_t>(data, i)); break;
            case DType::bfloat16:
                values[i] = bfloat16_to_float(load<std::uint16_t>(data, i));
                break;
            case DType::int64: values[i] = static_cast<float>(load<std::int64_t>(data, i)); break;
            case DType::int32: values[i] = static_cast<float>(load<std::int32_t>(data, i)); break;
            case DType::uint8:
            case DType::boolean: values[i] = static_cast<float>(load<std::uint8_t>(data, i)); break;
        }
    }
    return values;
}

std::vector<std::int64_t> StoredTensor::integers() const {
    std::vector<std::int64_t> values(static_cast<std::size_t>(size()));
    for (std::size_t i = 0; i < values.size(); ++i) {
        switch (dtype) {
            case DType::int64: values[i] = load<std::int64_t>(data, i); break;
            case DType::int32: values[i] = load<std::int32_t>(data, i); break;
            case DType::uint8:
            case DType::boolean: values[i] = load<std::uint8_t>(data, i); break;
            case DType::float32:
            case DType::float16:
            case DType::bfloat16:
                throw FileError("tensor \"" + name + "\"", "whole numbers",
                                std::string(dtype_name(dtype)));
        }
    }
    return values;
}

TensorFile TensorFile::open(const std::filesystem::path& path) {
    TensorFile result;
    result.path_ = path;
    if (!std::filesystem::is_directory(path)) {
        map_file(path, result.tensors_, result.metadata_);
        return result;
    }
    const auto single = path / "model.safetensors";
    const auto index = path / "model.safetensors.index.json";
    if (std::filesystem::exists(single)) {
        map_file(single, result.tensors_, result.metadata_);
    } else if (std::filesystem::exists(index)) {
        for (const std::string& shard : shard_names(index)) {
            map_file(path / shard, result.tensors_, result.metadata_);
        }
        check_index(index, result.tensors_);
    } else {
        throw FileError(path.string(), "model.safetensors or model.safetensors.index.json",
                        "neither", "is this the folder of a model?");
    }
    return result;
}

const StoredTensor& TensorFile::at(const std::string& name) const {
    const auto found = tensors_.find(name);
    if (found != tensors_.end()) return found->second;
    const auto near = std::min_element(tensors_.begin(), tensors_.end(), [&](auto& a, auto& b) {
        return edit_distance(a.first, name) < edit_distance(b.first, name);
    });
    throw FileError(path_.string(), "tensor \"" + name + "\"", "a file without it",
                    near == tensors_.end() ? "the file has no tensors"
                                           : "the nearest name is \"" + near->first + "\"");
}

TensorToWrite to_write(std::span<const float> values, std::vector<Index> shape, DType dtype) {
    TensorToWrite tensor{dtype, std::move(shape), {}};
    tensor.bytes.resize(values.size() * dtype_size(dtype));
    if (dtype == DType::float32) {
        std::memcpy(tensor.bytes.data(), values.data(), tensor.bytes.size());
        return tensor;
    }
    if (dtype != DType::float16 && dtype != DType::bfloat16) {
        throw ArgumentError("to_write", "a floating-point dtype", std::string(dtype_name(dtype)));
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::uint16_t bits =
            dtype == DType::float16 ? float_to_float16(values[i]) : float_to_bfloat16(values[i]);
        std::memcpy(tensor.bytes.data() + 2 * i, &bits, 2);
    }
    return tensor;
}

TensorToWrite to_write(std::span<const std::int64_t> values, std::vector<Index> shape) {
    TensorToWrite tensor{DType::int64, std::move(shape), {}};
    tensor.bytes.resize(values.size_bytes());
    std::memcpy(tensor.bytes.data(), values.data(), tensor.bytes.size());
    return tensor;
}

void write_safetensors(const std::filesystem::path& path,
                       const std::map<std::string, TensorToWrite>& tensors,
                       const std::map<std::string, std::string>& metadata) {
    json header = json::object();
    if (!metadata.empty()) header["__metadata__"] = metadata;
    std::vector<const TensorToWrite*> order;  // wide elements first, so that all stay aligned
    std::vector<std::pair<const std::string*, const TensorToWrite*>> sorted;
    sorted.reserve(tensors.size());
    for (const auto& [name, tensor] : tensors) sorted.emplace_back(&name, &tensor);
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
        return dtype_size(a.second->dtype) > dtype_size(b.second->dtype);
    });
    std::size_t at = 0;
    for (const auto& [name, tensor] : sorted) {
        Index count = 1;
        for (const Index size : tensor->shape) count *= size;
        if (static_cast<std::size_t>(count) * dtype_size(tensor->dtype) != tensor->bytes.size()) {
            throw ArgumentError("tensor \"" + *name + "\"",
                                "bytes for " + shape_text(tensor->shape),
                                std::to_string(tensor->bytes.size()) + " bytes");
        }
        header[*name] = {{"dtype", safetensors_dtype(tensor->dtype)},
                         {"shape", tensor->shape},
                         {"data_offsets", {at, at + tensor->bytes.size()}}};
        at += tensor->bytes.size();
        order.push_back(tensor);
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    const std::uint64_t length = text.size();

    AtomicFile file(path);
    file.write(std::as_bytes(std::span(&length, 1)));
    file.write(text);
    for (const TensorToWrite* tensor : order) file.write(tensor->bytes);
    file.commit();
}

}  // namespace vitrine

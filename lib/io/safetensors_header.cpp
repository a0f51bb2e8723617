#include "io/safetensors_header.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "io/json.h"
#include "tensor/error.h"
#include "tensor/shape.h"

namespace vitrine {

namespace {

using nlohmann::json;

constexpr std::size_t length_bytes = 8;
constexpr std::uint64_t longest_header = 100U << 20U;  // the limit of the reference implementation
constexpr std::size_t most_dimensions = 8;

struct NamedDType {
    std::string_view name;
    DType dtype;
};
constexpr NamedDType dtypes[] = {{"F32", DType::float32},   {"F16", DType::float16},
                                 {"BF16", DType::bfloat16}, {"I64", DType::int64},
                                 {"I32", DType::int32},     {"U8", DType::uint8},
                                 {"BOOL", DType::boolean}};

DType dtype_of(const json& entry, const std::string& where) {
    const auto found = entry.find("dtype");
    const std::string name =
        found != entry.end() && found->is_string() ? found->get<std::string>() : "none";
    for (const NamedDType& known : dtypes) {
        if (known.name == name) return known.dtype;
    }
    throw FileError(where, "dtype F32, F16, BF16, I64, I32, U8 or BOOL", "\"" + name + "\"",
                    "convert the tensor with the tool that wrote it");
}

std::vector<Index> shape_of_entry(const json& entry, const std::string& where) {
    const auto found = entry.find("shape");
    if (found == entry.end() || !found->is_array() || found->size() > most_dimensions) {
        throw FileError(where, "\"shape\": at most 8 sizes",
                        found == entry.end() ? "no shape" : found->dump().substr(0, 60));
    }
    std::vector<Index> shape;
    for (const json& size : *found) {
        if (!size.is_number_unsigned() ||
            size.get<std::uint64_t>() >
                static_cast<std::uint64_t>(std::numeric_limits<Index>::max())) {
            throw FileError(where, "sizes that are whole numbers from 0 up", size.dump());
        }
        shape.push_back(static_cast<Index>(size.get<std::uint64_t>()));
    }
    return shape;
}

/// Bytes of a tensor; a product that overflows is an error.
std::size_t bytes_of(const std::vector<Index>& shape, DType dtype, const std::string& where) {
    std::size_t bytes = dtype_size(dtype);
    for (const Index size : shape) {
        if (__builtin_mul_overflow(bytes, static_cast<std::size_t>(size), &bytes)) {
            throw FileError(where, "a shape that fits into memory", shape_text(shape));
        }
    }
    return bytes;
}

HeaderEntry read_entry(const json& entry, std::size_t data_start, std::size_t data_bytes,
                       const std::string& where) {
    if (!entry.is_object()) throw FileError(where, "an object", entry.dump().substr(0, 60));
    HeaderEntry result;
    result.dtype = dtype_of(entry, where);
    result.shape = shape_of_entry(entry, where);
    const auto offsets = entry.find("data_offsets");
    if (offsets == entry.end() || !offsets->is_array() || offsets->size() != 2 ||
        !(*offsets)[0].is_number_unsigned() || !(*offsets)[1].is_number_unsigned()) {
        throw FileError(where, "\"data_offsets\": [begin, end]",
                        offsets == entry.end() ? "none" : offsets->dump().substr(0, 60));
    }
    const auto begin = (*offsets)[0].get<std::uint64_t>();
    const auto end = (*offsets)[1].get<std::uint64_t>();
    if (begin > end || end > data_bytes) {
        throw FileError(where,
                        "offsets inside the " + std::to_string(data_bytes) + " bytes of data",
                        offsets->dump(), "the file is truncated or damaged");
    }
    const std::size_t bytes = bytes_of(result.shape, result.dtype, where);
    if (bytes != end - begin) {
        throw FileError(where,
                        std::to_string(bytes) + " bytes for " + shape_text(result.shape) + " of " +
                            std::string(dtype_name(result.dtype)),
                        std::to_string(end - begin));
    }
    result.begin = data_start + begin;
    result.end = data_start + end;
    return result;
}

/// Tensors follow each other without gap or overlap, as the format demands.
void check_cover(const SafetensorsHeader& header, std::size_t data_start, std::size_t file_size,
                 const std::string& where) {
    std::vector<std::pair<std::size_t, const std::string*>> order;
    for (const auto& [name, entry] : header.tensors) order.emplace_back(entry.begin, &name);
    std::sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
        return std::pair(a.first, header.tensors.at(*a.second).end) <
               std::pair(b.first, header.tensors.at(*b.second).end);
    });
    std::size_t at = data_start;
    for (const auto& [begin, name] : order) {
        if (begin != at) {
            throw FileError(where + ", tensor \"" + *name + "\"",
                            "a start at byte " + std::to_string(at - data_start) + " of the data",
                            std::to_string(begin - data_start),
                            begin < at ? "two tensors overlap" : "there is a gap before it");
        }
        at = header.tensors.at(*name).end;
    }
    if (at != file_size) {
        throw FileError(where, std::to_string(at) + " bytes in all", std::to_string(file_size),
                        "bytes that belong to no tensor");
    }
}

}  // namespace

std::string_view safetensors_dtype(DType dtype) {
    for (const NamedDType& known : dtypes) {
        if (known.dtype == dtype) return known.name;
    }
    return "F32";
}

SafetensorsHeader read_safetensors_header(std::span<const std::byte> file,
                                          const std::string& where) {
    if (file.size() < length_bytes) {
        throw FileError(where, "a safetensors file of at least 8 bytes",
                        std::to_string(file.size()));
    }
    std::uint64_t length = 0;
    std::memcpy(&length, file.data(), length_bytes);  // little-endian, as all our machines are
    if (length > longest_header || length > file.size() - length_bytes) {
        throw FileError(
            where, "a header of at most " + std::to_string(file.size() - length_bytes) + " bytes",
            std::to_string(length), "the file is truncated or not a safetensors file");
    }
    const std::string_view text(reinterpret_cast<const char*>(file.data()) + length_bytes, length);
    const json root = parse_json(text, where + " header");
    if (!root.is_object()) throw FileError(where + " header", "an object", root.type_name());

    const std::size_t data_start = length_bytes + length;
    SafetensorsHeader header;
    for (const auto& [name, entry] : root.items()) {
        if (name == "__metadata__") {
            if (!entry.is_object())
                throw FileError(where + " __metadata__", "an object", entry.type_name());
            for (const auto& [key, value] : entry.items()) {
                if (!value.is_string())
                    throw FileError(where + " __metadata__", "texts", value.type_name());
                header.metadata[key] = value.get<std::string>();
            }
        } else {
            header.tensors[name] = read_entry(entry, data_start, file.size() - data_start,
                                              where + ", tensor \"" + name + "\"");
        }
    }
    check_cover(header, data_start, file.size(), where);
    return header;
}

}  // namespace vitrine

// The header of a safetensors file, checked before anything is believed.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "tensor/dtype.h"
#include "tensor/tensor.h"

namespace vitrine {

struct HeaderEntry {
    DType dtype = DType::float32;
    std::vector<Index> shape;
    std::size_t begin = 0, end = 0;  // byte offsets from the start of the file
};

struct SafetensorsHeader {
    std::map<std::string, HeaderEntry> tensors;
    std::map<std::string, std::string> metadata;
};

/// @param file   all bytes of the file
/// @param where  names the file in errors
/// @throws FileError  for anything that the format forbids
SafetensorsHeader read_safetensors_header(std::span<const std::byte> file,
                                          const std::string& where);

/// "F32" ... for a dtype, as the format spells it.
std::string_view safetensors_dtype(DType dtype);

}  // namespace vitrine

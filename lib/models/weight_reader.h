// Reads a model's tensors by name and checks each shape against config.json.
#pragma once

#include <string>
#include <vector>

#include "io/config.h"
#include "io/safetensors.h"
#include "nn/weights.h"

namespace vitrine {

/// One expected size and the key of config.json that says so: {256, "n_embd"}.
struct Extent {
    Index size = 0;
    std::string key;
};

/// A special token's id. transformers writes 50256 into the config of smaller vocabularies too,
/// which then have no such token: -1. Of a list (several ends of text) the first.
int special_id(const ConfigFile& config, const std::string& key, Index vocabulary);

class WeightReader {
   public:
    /// @param prefixes  tried in front of every name, in order: {"transformer.", ""}
    WeightReader(const TensorFile& tensors, std::vector<std::string> prefixes);

    /// A matrix in place. @throws FileError with the tensor's name, its expected shape and the keys
    Matrix matrix(const std::string& name, const Extent& rows, const Extent& columns) const;
    /// A vector, widened. @throws FileError as above
    Tensor1 vector(const std::string& name, const Extent& size) const;
    bool contains(const std::string& name) const;

   private:
    const StoredTensor& find(const std::string& name, const std::vector<Extent>& shape) const;
    const TensorFile* tensors_;
    std::vector<std::string> prefixes_;
};

}  // namespace vitrine

// Reads a model's tensors by name and checks each shape against config.json.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "io/config.h"
#include "io/safetensors.h"
#include "models/language_model.h"
#include "nn/weights.h"

namespace vitrine {

/// The largest width, number of heads or positions that is read: no real model has more, and
/// products of two stay in range.
constexpr Index largest_extent = 1 << 20;
constexpr Index largest_vocabulary = 1 << 24;
constexpr Index most_layers = 4096;
/// Of models whose positions have no end.
constexpr Index unlimited_positions = 1 << 20;

/// One expected size and the key of config.json that says so: {256, "n_embd"}.
struct Extent {
    Index size = 0;
    std::string key;
};

/// A special token's id. transformers writes 50256 into the config of smaller vocabularies too,
/// which then have no such token: -1. Of a list (several ends of text) the first.
int special_id(const ConfigFile& config, const std::string& key, Index vocabulary);

/// width / heads. @throws FileError  naming both keys if the heads don't share the width evenly
Index even_head_width(const ConfigFile& config, const Extent& width, const Extent& heads);

/// The activation function that a key of config.json names. @throws FileError  for an unknown name
Activate read_activation(const ConfigFile& config, ConfigFile::Names keys,
                         const std::string& fallback);

/// The activation function of a name. @throws FileError  naming `where`
Activate activation_named(const std::string& name, const std::string& where);

/// All errors name the tensor, its expected shape and the keys that say so. Norms are also found
/// under the names of checkpoints that came from TensorFlow, ".gamma" and ".beta".
class WeightReader {
   public:
    /// @param prefixes  tried in front of every name, in order: {"transformer.", ""}
    WeightReader(const TensorFile& tensors, std::vector<std::string> prefixes);

    /// A matrix in place: no number is copied.
    Matrix matrix(const std::string& name, const Extent& rows, const Extent& columns);
    /// A tensor of any rank in place, its first dimension against all others.
    Matrix flattened(const std::string& name, const std::vector<Extent>& shape);
    /// A tensor of any rank, widened.
    std::vector<float> values(const std::string& name, const std::vector<Extent>& shape);
    /// A vector, widened.
    Tensor1 vector(const std::string& name, const Extent& size);
    /// A matrix, widened.
    Tensor2 table(const std::string& name, const Extent& rows, const Extent& columns);
    /// torch's nn.Linear, which keeps NAME.weight [out, in] and NAME.bias [out].
    Linear linear(const std::string& name, const Extent& in, const Extent& out, bool bias = true);
    /// NAME.weight [C] and, for layer norm, NAME.bias [C].
    NormWeights norm(const std::string& name, const Extent& size, float epsilon,
                     Norm kind = Norm::layer);
    bool contains(const std::string& name) const { return lookup(name) != nullptr; }

    /// Writes down what was read: parameters, bytes, and `dtype` as the number format.
    void measure(ModelInfo& info, DType dtype) const;

   private:
    const StoredTensor* lookup(const std::string& name) const;
    const StoredTensor& find(const std::string& name, const std::vector<Extent>& shape);

    const TensorFile* tensors_;
    std::vector<std::string> prefixes_;
    std::set<const StoredTensor*> used_;
};

}  // namespace vitrine

// Weights on disk: safetensors files, memory-mapped and never trusted.
// Format: 8 bytes little-endian header length, a JSON header, then the tensors' bytes.
// https://huggingface.co/docs/safetensors
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tensor/dtype.h"
#include "tensor/tensor.h"

namespace vitrine {

/// A tensor in a mapped file: nothing is copied until somebody asks.
struct StoredTensor {
    std::string name;
    DType dtype = DType::float32;
    std::vector<Index> shape;
    const void* data = nullptr;              // row-major
    std::shared_ptr<const void> keep_alive;  // the mapping

    Index size() const;
    /// The numbers as float32, whatever the stored format.
    std::vector<float> floats() const;
    /// The numbers as integers. @throws FileError if it holds floating-point numbers
    std::vector<std::int64_t> integers() const;
};

/// The tensors of one file or of all shards of a model, by name.
class TensorFile {
   public:
    /// Maps a .safetensors file, or a folder with model.safetensors or
    /// model.safetensors.index.json.
    /// @throws FileError  for a header past the end, bad JSON, duplicate names, offsets that
    /// overlap
    ///                    or leave the file, shapes that overflow or don't fit their bytes
    static TensorFile open(const std::filesystem::path& path);

    const std::filesystem::path& path() const { return path_; }
    bool contains(const std::string& name) const { return tensors_.count(name) != 0; }
    /// @throws FileError naming the tensor and the file, with near names as a hint
    const StoredTensor& at(const std::string& name) const;
    const std::map<std::string, StoredTensor>& tensors() const { return tensors_; }
    const std::map<std::string, std::string>& metadata() const { return metadata_; }

   private:
    std::filesystem::path path_;
    std::map<std::string, StoredTensor> tensors_;
    std::map<std::string, std::string> metadata_;
};

/// A tensor to write.
struct TensorToWrite {
    DType dtype = DType::float32;
    std::vector<Index> shape;
    std::vector<std::byte> bytes;  // row-major, little-endian
};
TensorToWrite to_write(std::span<const float> values, std::vector<Index> shape,
                       DType dtype = DType::float32);
TensorToWrite to_write(std::span<const std::int64_t> values, std::vector<Index> shape);

/// Writes a safetensors file in one step: to a temporary name beside it, then renamed.
/// @throws FileError  and leaves an existing file as it was
void write_safetensors(const std::filesystem::path& path,
                       const std::map<std::string, TensorToWrite>& tensors,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace vitrine

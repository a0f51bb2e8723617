// The tokens of many documents in one memory-mapped file: what training reads.
// A safetensors file with `tokens` [N] (int32) and `documents` [D + 1] (int64), where each document
// begins; its metadata says how many bytes of text the tokens stand for.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "io/atomic_file.h"
#include "tensor/tensor.h"

namespace vitrine::train {

class TokenFile {
   public:
    /// @throws FileError  for a file that is broken or of another kind
    static TokenFile open(const std::filesystem::path& path);

    Index tokens() const { return static_cast<Index>(tokens_.size()); }
    Index documents() const { return static_cast<Index>(begins_.size()) - 1; }
    /// Of the text, without the tokens that stand between documents.
    Index bytes() const { return bytes_; }
    std::span<const std::int32_t> all() const { return tokens_; }
    std::span<const std::int32_t> document(Index i) const;

   private:
    std::span<const std::int32_t> tokens_;
    std::vector<std::int64_t> begins_;  // [D + 1]
    Index bytes_ = 0;
    std::shared_ptr<const void> keep_alive_;
};

/// Writes documents as they come; the file appears whole or not at all.
class TokenFileWriter {
   public:
    /// @throws FileError  here and below, a full disk included
    explicit TokenFileWriter(const std::filesystem::path& path);
    /// @param ids    of one document
    /// @param bytes  of its text
    void add(std::span<const int> ids, std::size_t bytes);
    void commit();

    Index tokens() const { return begins_.back(); }
    Index documents() const { return static_cast<Index>(begins_.size()) - 1; }
    Index bytes() const { return bytes_; }

   private:
    AtomicFile file_;
    std::vector<std::int64_t> begins_{0};
    Index bytes_ = 0;
};

}  // namespace vitrine::train

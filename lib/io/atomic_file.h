// Files that appear whole or not at all: written under another name beside the target, then
// renamed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace vitrine {

class AtomicFile {
   public:
    /// @throws FileError if the folder can't be written to
    explicit AtomicFile(std::filesystem::path target);
    /// Without commit() the temporary file is removed and the target is as it was.
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /// @throws FileError, a full disk included
    void write(std::span<const std::byte> bytes);
    void write(std::string_view text);
    /// Writes over what is there already, `at` bytes from the beginning: a header that could not be
    /// known before. @throws FileError
    void overwrite(std::size_t at, std::string_view text);
    /// Flushes to the disk and renames. @throws FileError
    void commit();

   private:
    std::filesystem::path target_, temporary_;
    int file_ = -1;
};

/// Writes a text file in one step.
void write_text_file(const std::filesystem::path& target, std::string_view text);

}  // namespace vitrine

// A file as read-only memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace vitrine {

/// The bytes of a file, mapped on opening and unmapped with the last copy of `owner`.
struct MappedFile {
    std::span<const std::byte> bytes;
    std::shared_ptr<const void> owner;

    /// @throws FileError if the file is missing, empty or not a regular file
    static MappedFile open(const std::filesystem::path& path);
};

}  // namespace vitrine

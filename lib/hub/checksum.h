// The two checksums that name a file's bytes on the hub.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

namespace vitrine::hub {

/// SHA-256 of a file, in hexadecimal digits: the ETag of a large file (git LFS).
/// @throws FileError, Stopped
std::string sha256(const std::filesystem::path& file, const std::stop_token& stop = {});

/// SHA-1 of "blob SIZE\0" and the file, as git names it: the ETag of a small one.
/// @throws FileError, Stopped
std::string git_sha1(const std::filesystem::path& file, const std::stop_token& stop = {});

}  // namespace vitrine::hub

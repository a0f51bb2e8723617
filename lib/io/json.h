// JSON from files nobody vouches for: bounded in size and depth, without duplicate keys.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace vitrine {

/// Parses a JSON text.
/// @param text   UTF-8
/// @param where  names the text in errors: "config.json", "model.safetensors header"
/// @throws FileError  for bad JSON (with the position), more than 64 levels, a key that comes twice
nlohmann::json parse_json(std::string_view text, const std::string& where);

/// Reads and parses a JSON file of at most `limit` bytes.
/// @throws FileError
nlohmann::json read_json(const std::filesystem::path& path, std::size_t limit = 256U << 20U);

/// The whole file as bytes. @throws FileError if it can't be read or is larger than `limit`
std::string read_file(const std::filesystem::path& path, std::size_t limit);

}  // namespace vitrine

// Reading the members of a JSON object that nobody vouches for: each of the wanted type, or a
// FileError that names it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "tensor/error.h"

namespace vitrine {

/// A short form of a value, for messages.
std::string shown(const nlohmann::json& value);

/// The member `key`, or null if it is missing or null.
const nlohmann::json* find_member(const nlohmann::json& object, const char* key);

/// The member `key`, of this type. @throws FileError
const nlohmann::json& require_member(const nlohmann::json& object, const char* key,
                                     nlohmann::json::value_t type, const std::string& where);

/// A yes or no. @throws FileError for another type
bool read_flag(const nlohmann::json& object, const char* key, bool fallback,
               const std::string& where);

/// A text; `fallback` if it is missing or null. @throws FileError for another type
std::string read_text(const nlohmann::json& object, const char* key, const std::string& fallback,
                      const std::string& where);

/// A special token as tokenizer_config.json has it: a text, or an object with its "content"; empty
/// if it is missing. @throws FileError for another type
std::string read_special_token(const nlohmann::json& config, const char* key,
                               const std::string& where);

/// The "pattern" and "content" of a step that replaces a string by another.
/// @throws FileError, for a regular expression too
std::pair<std::string, std::string> read_replacement(const nlohmann::json& step,
                                                     const std::string& where);

/// The "type" of a step of the pipeline; empty if the step is null or missing.
/// @throws FileError if it is no object or has no type
std::string step_type(const nlohmann::json& root, const char* step, const std::string& where);

/// Refuses a step of a type that is not there yet.
/// @param step       "normalizer", "pre_tokenizer", ...
/// @param supported  what is: "null or type ByteLevel"
[[noreturn]] void refuse_type(const std::string& where, const std::string& step,
                              const std::string& supported, const std::string& type);

}  // namespace vitrine

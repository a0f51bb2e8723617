// What all commands share: colours only on a terminal, ids from text, files named on the command
// line.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "text/tokenizer.h"

namespace vitrine::cli {

/// True if standard output is a terminal that may be coloured (NO_COLOR is not set).
bool colours();

enum class Style { plain, bold, dim, accent, good, bad };
/// The text in a style, if there are colours.
std::string styled(const std::string& text, Style style);

/// "12,5, 7" -> {12, 5, 7}; "" -> {}. @throws ArgumentError naming what is not a number
std::vector<int> parse_ids(const std::string& list);

/// The argument, or standard input if it is "-".
std::string text_or_stdin(const std::string& argument);

/// Prints JSON and a newline; invalid UTF-8 in it becomes U+FFFD.
void print_json(const nlohmann::json& value);

/// A token's bytes with spaces, line ends and broken characters made visible.
std::string visible(const std::string& bytes);

/// Number of terminal columns a text takes; Hangul takes two a syllable.
int columns(const std::string& text);
/// The text, filled up with spaces to a number of columns.
std::string padded(const std::string& text, int width);

/// The folder of a model: the argument, or the bundled model if it is empty.
std::filesystem::path model_folder(const std::string& argument);

}  // namespace vitrine::cli

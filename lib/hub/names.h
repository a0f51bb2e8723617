// What a user calls a model on the hub and what the hub calls its files: checked before either
// becomes part of a path or a URL.
#pragma once

#include <string>

namespace vitrine::hub {

/// A model and which of its versions.
struct Name {
    std::string model;              // "OWNER/NAME"; "NAME" for the oldest ones
    std::string revision = "main";  // a branch, a tag or a commit

    /// As the user says it: without "@main".
    std::string text() const { return revision == "main" ? model : model + "@" + revision; }
};

/// "OWNER/NAME" or "OWNER/NAME@revision". @throws ArgumentError  for what the hub has no name like
Name parse_name(const std::string& text);

/// Refuses a file that would land outside its model's folder: "../x", "/x", "a//b", control
/// characters.
/// @param where  names the listing in the error
/// @throws FileError
void check_file_name(const std::string& name, const std::string& where);

/// 40 hexadecimal digits, as git names a commit.
bool is_commit(const std::string& text);

/// So many hexadecimal digits, in small letters.
bool is_hexadecimal(const std::string& text, std::size_t digits);

/// A part of a URL's path; '/' stays in a file's name and not in a revision's.
std::string url_file(const std::string& name);
std::string url_revision(const std::string& revision);

}  // namespace vitrine::hub

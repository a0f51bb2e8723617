#include "hub/names.h"

#include <algorithm>
#include <string_view>

#include "io/hub_environment.h"
#include "tensor/error.h"

namespace vitrine::hub {

namespace {

constexpr std::string_view plain =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

std::string encoded(const std::string& text, std::string_view kept) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string url;
    for (const char letter : text) {
        if (plain.find(letter) != plain.npos || kept.find(letter) != kept.npos) {
            url += letter;
        } else {
            const auto byte = static_cast<unsigned char>(letter);
            url += {'%', digits[byte >> 4U], digits[byte & 15U]};
        }
    }
    return url;
}

/// Each part between slashes is a name, and none is "..".
bool is_path(const std::string& text) {
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find('/', begin), text.size());
        const std::string part = text.substr(begin, end - begin);
        if (part.empty() || part == "." || part == "..") return false;
        begin = end + 1;
    }
    return true;
}

}  // namespace

Name parse_name(const std::string& text) {
    // Source: huggingface_hub, utils/_validators.py; git check-ref-format.
    const std::size_t at = text.find('@');
    Name name{text.substr(0, at)};
    if (at != std::string::npos) name.revision = text.substr(at + 1);
    const auto holds = [](const std::string& all, const char* part) {
        return all.find(part) != std::string::npos;
    };
    if (name.model.size() > 96 || !is_hub_model(name.model) || holds(name.model, "..") ||
        holds(name.model, "--") || holds(name.model, "./") || name.model.ends_with('.') ||
        name.model.ends_with('-') || name.model.ends_with(".git")) {
        throw ArgumentError("model", "OWNER/NAME as on the Hugging Face hub",
                            "\"" + name.model.substr(0, 100) + "\"",
                            "letters, digits, '-', '_' and '.'; @REVISION may follow");
    }
    if (name.revision.size() > 200 || !is_hub_revision(name.revision) || !is_path(name.revision) ||
        holds(name.revision, "..")) {
        throw ArgumentError("revision", "a branch, a tag or a commit of " + name.model,
                            "\"" + name.revision.substr(0, 200) + "\"");
    }
    return name;
}

void check_file_name(const std::string& name, const std::string& where) {
    const auto is_odd = [](unsigned char letter) {
        return letter < 0x20 || letter == 0x7f || letter == '\\';
    };
    if (is_path(name) && name.size() < 1024 && std::none_of(name.begin(), name.end(), is_odd))
        return;
    std::string shown = name.substr(0, 100);
    std::replace_if(shown.begin(), shown.end(), is_odd, '?');
    throw FileError(where, "names of files inside the model's folder", "\"" + shown + "\"",
                    "the server is broken or hostile: nothing was kept");
}

bool is_hexadecimal(const std::string& text, std::size_t digits) {
    return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

bool is_commit(const std::string& text) {
    return is_hexadecimal(text, 40);
}

std::string url_file(const std::string& name) {
    return encoded(name, "/");
}

std::string url_revision(const std::string& revision) {
    return encoded(revision, "");
}

}  // namespace vitrine::hub

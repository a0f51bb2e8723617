// Which folder may include which: the arrows of the design, written down once.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace vitrine::style {

/// What each folder may include besides itself; folders of lib/ go by their own name.
inline const std::map<std::string, std::set<std::string>>& allowed_arrows() {
    static const std::set<std::string> library = {"tensor",   "kernels", "activations", "io",
                                                  "hub",      "text",    "nn",          "models",
                                                  "generate", "tasks",   "train"};
    static const auto with = [](std::set<std::string> more) {
        more.insert(library.begin(), library.end());
        return more;
    };
    static const std::map<std::string, std::set<std::string>> arrows = {
        {"tensor", {}},
        {"kernels", {"tensor"}},
        {"activations", {"tensor"}},
        {"io", {"tensor"}},
        {"hub", {"tensor", "io"}},
        {"text", {"tensor", "io"}},
        {"nn", {"tensor", "kernels", "activations"}},
        {"models", {"tensor", "kernels", "activations", "nn", "io"}},
        {"generate", {"tensor", "kernels", "activations", "nn", "models", "io", "text"}},
        {"tasks", {"tensor", "kernels", "activations", "nn", "models", "generate", "io", "text"}},
        {"train", {"tensor", "kernels", "activations", "nn", "models", "generate", "io", "text"}},
        {"chapters", library},
        {"viz", with({"chapters"})},
        {"cli", with({"chapters", "viz"})},
    };
    return arrows;
}

/// The folder a path belongs to: "lib/nn/bias.h" and "nn/bias.h" give "nn", "viz/app/x.h" gives
/// "viz". Empty for what is not one of ours, such as a system header.
inline std::string folder_of(std::string path) {
    if (path.starts_with("lib/")) path.erase(0, 4);
    const std::string first = path.substr(0, path.find('/'));
    return first != path && allowed_arrows().contains(first) ? first : "";
}

/// The lines of one file that include against the arrows.
///
/// @param path where the file is, from the root of the repository
/// @param text what it holds
inline std::vector<std::string> arrows_back(const std::string& path, std::istream& text) {
    static const std::regex include(R"(^\s*#\s*include\s*["<]([^">]+)[">])");
    const std::string from = folder_of(path);
    std::vector<std::string> wrong;
    std::smatch match;
    for (std::string line; std::getline(text, line);) {
        if (!std::regex_search(line, match, include)) continue;
        std::string named = match[1];
        if (named.starts_with("../")) {
            named = (std::filesystem::path(path).parent_path() / named).lexically_normal().string();
        }
        const std::string to = folder_of(named);
        if (from.empty() || to.empty() || to == from) continue;
        if (!allowed_arrows().at(from).contains(to)) wrong.push_back(path + ": " + line);
    }
    return wrong;
}

}  // namespace vitrine::style

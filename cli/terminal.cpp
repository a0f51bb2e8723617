#include "cli/terminal.h"

#include <unistd.h>
#include <utf8proc.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "io/assets.h"
#include "io/model_places.h"
#include "tensor/error.h"
#include "text/utf8.h"

namespace vitrine::cli {

bool colours() {
    static const bool wanted = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
    return wanted;
}

std::string styled(const std::string& text, Style style) {
    static const char* const codes[] = {"", "1", "2", "36", "32", "31"};
    if (!colours() || style == Style::plain) return text;
    return std::string("\033[") + codes[static_cast<int>(style)] + "m" + text + "\033[0m";
}

std::vector<int> parse_ids(const std::string& list) {
    std::vector<int> ids;
    if (list.find_first_not_of(" \n\t") == std::string::npos) return ids;
    std::size_t begin = 0;
    while (begin <= list.size()) {
        const std::size_t end = std::min(list.find(',', begin), list.size());
        std::string item = list.substr(begin, end - begin);
        std::erase_if(item, [](char c) { return c == ' ' || c == '\n' || c == '\t'; });
        int id = 0;
        const auto [rest, error] = std::from_chars(item.data(), item.data() + item.size(), id);
        if (error != std::errc() || rest != item.data() + item.size()) {
            throw ArgumentError("--ids", "whole numbers with commas between them",
                                "\"" + item + "\"", "for example --ids 12,5,7");
        }
        ids.push_back(id);
        begin = end + 1;
    }
    return ids;
}

std::string text_or_stdin(const std::string& argument) {
    if (argument != "-") return argument;
    return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

void print_json(const nlohmann::json& value) {
    std::cout << value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

std::string visible(const std::string& bytes) {
    std::string shown;
    for (const char c : repair_utf8(bytes)) {
        if (c == ' ') {
            shown += "·";
        } else if (c == '\n') {
            shown += "⏎";
        } else if (c == '\t') {
            shown += "⇥";
        } else if (c == '\r') {
            shown += "␍";
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            shown += "␀";
        } else {
            shown += c;
        }
    }
    return shown;
}

int columns(const std::string& text) {
    int width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = read_code_point(text, at);
        width += std::max(0, utf8proc_charwidth(static_cast<utf8proc_int32_t>(point.value)));
        at += static_cast<std::size_t>(std::max(1, point.bytes));
    }
    return width;
}

std::string padded(const std::string& text, int width) {
    return text + std::string(static_cast<std::size_t>(std::max(0, width - columns(text))), ' ');
}

std::filesystem::path model_folder(const std::string& argument) {
    if (!argument.empty()) return find_model(argument).folder;
    return bundled_model_folder();
}

}  // namespace vitrine::cli

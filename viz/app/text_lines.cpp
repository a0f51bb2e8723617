#include "viz/app/text_lines.h"

#include <algorithm>

namespace vitrine::viz {

bool holds_something(const std::string& line) {
    return line.find_first_not_of(" \t\r") != std::string::npos;
}

std::vector<std::string> lines_of(const std::string& text, std::size_t most) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size() && lines.size() < most;) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string line = text.substr(begin, end - begin);
        if (holds_something(line)) lines.push_back(std::move(line));
        begin = end + 1;
    }
    return lines;
}

}  // namespace vitrine::viz

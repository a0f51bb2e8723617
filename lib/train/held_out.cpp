#include "train/held_out.h"

#include <functional>

#include "io/documents.h"

namespace vitrine::train {

namespace {

constexpr std::size_t shortest = 24;  // bytes

}  // namespace

void HeldOut::add(std::string_view text) {
    const std::string plain = with_single_spaces(text);
    for (std::size_t i = 0; i + shortest <= plain.size(); ++i)
        starts_.insert(std::hash<std::string_view>{}(std::string_view(plain).substr(i, shortest)));
    text_ += plain;
    text_ += '\0';
}

bool HeldOut::contains(std::string_view unit) const {
    if (starts_.empty()) return false;
    const std::string plain = with_single_spaces(unit);
    if (plain.size() < shortest) return false;
    const auto start = std::hash<std::string_view>{}(std::string_view(plain).substr(0, shortest));
    return starts_.contains(start) && text_.find(plain) != std::string::npos;
}

}  // namespace vitrine::train

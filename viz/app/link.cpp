#include "viz/app/link.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "tensor/error.h"
#include "text/utf8.h"
#include "viz/app/view.h"

namespace vitrine::viz {

namespace {

std::optional<int> to_int(std::string_view text) {
    int value = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || rest != text.data() + text.size()) return {};
    return value;
}

std::string percent_decoded(std::string_view text, std::string_view link) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        unsigned byte = 0;
        const std::string_view digits = text.substr(i + 1, 2);
        const auto [rest, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (digits.size() < 2 || error != std::errc() || rest != digits.data() + 2) {
            throw ArgumentError(std::string(link), "% followed by two hexadecimal digits",
                                std::string(digits));
        }
        result += static_cast<char>(byte);
        i += 2;
    }
    check_utf8(result, std::string(link));
    return result;
}

}  // namespace

std::optional<int> ViewLink::number(const std::string& key) const {
    const auto found = values.find(key);
    return found == values.end() ? std::nullopt : to_int(found->second);
}

ViewLink parse_view_link(std::string_view link) {
    constexpr std::string_view scheme = "view:";
    if (link.substr(0, scheme.size()) != scheme) {
        throw ArgumentError(std::string(link), "a link that starts with view:", "another");
    }
    ViewLink result;
    const std::size_t question = std::min(link.find('?'), link.size());
    result.view = std::string(link.substr(scheme.size(), question - scheme.size()));
    const auto all = views();
    if (std::none_of(all.begin(), all.end(),
                     [&](const View& view) { return result.view == view.id; })) {
        throw ArgumentError(std::string(link), "the id of a view", "\"" + result.view + "\"");
    }
    static const std::set<std::string> numbers{"layer", "head", "position",
                                               "query", "key",  "lines"};
    std::size_t begin = question + 1;
    while (begin < link.size()) {
        const std::size_t end = std::min(link.find('&', begin), link.size());
        const std::string_view pair = link.substr(begin, end - begin);
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const std::string key(pair.substr(0, equals));
        const std::string value = percent_decoded(
            equals < pair.size() ? pair.substr(equals + 1) : std::string_view(), link);
        const bool is_number = numbers.count(key) != 0;
        if (!is_number && key != "text" && key != "step" && key != "way" && key != "model") {
            throw ArgumentError(
                std::string(link),
                "layer, head, position, query, key, lines, step, way, model or text", key);
        }
        if (is_number && !to_int(value))
            throw ArgumentError(std::string(link), key + " as a number", value);
        result.values[key] = value;
        begin = end + 1;
    }
    return result;
}

}  // namespace vitrine::viz

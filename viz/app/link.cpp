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

/// One value of a link in the learner's words.
std::string value_in_words(const std::string& key, const std::string& value, Language language) {
    const bool korean = language == Language::korean;
    const auto numbered = [&](const char* english, const char* after) {
        return korean ? value + after : english + value;
    };
    if (key == "layer" && value == "-1") return korean ? "모든 층" : "all layers";
    if (key == "layer") return numbered("layer ", "번 층");
    if (key == "head" && value == "-1") return korean ? "헤드 평균" : "average of the heads";
    if (key == "head") return numbered("head ", "번 헤드");
    if (key == "position") return numbered("token ", "번 토큰");
    if (key == "query") return numbered("query ", "번 쿼리");
    if (key == "key") return numbered("key ", "번 키");
    if (key == "lines" && value == "0") return korean ? "히트맵으로" : "as a heatmap";
    if (key == "lines") return korean ? "선으로" : "as lines";
    if (key == "stack") return (korean ? "어텐션 " : "attention ") + value;
    if (key == "step") return (korean ? "단계 " : "step ") + value;
    if (key == "way") return (korean ? "방식 " : "way ") + value;
    if (key == "model") return (korean ? "모델 " : "model ") + value;
    if (key == "beside") return (korean ? "나란히 볼 모델 " : "beside it ") + value;
    return (korean ? "글 “" : "text “") + value + "”";
}

}  // namespace

std::string link_in_words(const std::string& link, Language language) {
    if (link.rfind("view:", 0) != 0) return link;
    try {
        const ViewLink parsed = parse_view_link(link);
        const auto all = views();
        const auto view = std::find_if(all.begin(), all.end(),
                                       [&](const View& each) { return parsed.view == each.id; });
        std::string words = say(language, "Shows on the stage: ", "무대에 보여 줘요: ");
        words += say(language, view->english, view->korean);
        // In the order of the learner's thoughts, not of the alphabet.
        for (const char* key : {"stack", "layer", "head", "query", "key", "position", "lines",
                                "step", "way", "model", "beside", "text"}) {
            const auto found = parsed.values.find(key);
            if (found != parsed.values.end())
                words += ", " + value_in_words(key, found->second, language);
        }
        return words;
    } catch (const Error&) {
        return link;
    }
}

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
    static const std::set<std::string> words{"text", "step", "way", "model", "stack", "beside"};
    std::size_t begin = question + 1;
    while (begin < link.size()) {
        const std::size_t end = std::min(link.find('&', begin), link.size());
        const std::string_view pair = link.substr(begin, end - begin);
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const std::string key(pair.substr(0, equals));
        const std::string value = percent_decoded(
            equals < pair.size() ? pair.substr(equals + 1) : std::string_view(), link);
        const bool is_number = numbers.count(key) != 0;
        if (!is_number && words.count(key) == 0) {
            throw ArgumentError(
                std::string(link),
                "layer, head, position, query, key, lines, step, way, stack, model, "
                "beside or text",
                key);
        }
        if (is_number && !to_int(value))
            throw ArgumentError(std::string(link), key + " as a number", value);
        result.values[key] = value;
        begin = end + 1;
    }
    return result;
}

}  // namespace vitrine::viz

// The filters, tests and methods that chat templates use.
#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "text/jinja_values.h"
#include "text/unicode_forms.h"
#include "text/utf8.h"

namespace vitrine::jinja {

using nlohmann::json;

namespace {

constexpr std::string_view white_space = " \t\n\r\f\v";

enum class Side { both, left, right };

/// Python's strip: of characters that stand in `what`.
std::string strip(std::string_view text, std::string_view what, Side side) {
    std::size_t begin = 0, end = text.size();
    while (side != Side::right && begin < end && what.find(text[begin]) != what.npos) ++begin;
    while (side != Side::left && end > begin && what.find(text[end - 1]) != what.npos) --end;
    return std::string(text.substr(begin, end - begin));
}

std::string change_case(const std::string& text, CodePoints (*change)(char32_t)) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = read_code_point(text, at);
        for (const char32_t each : change(point.value)) append_code_point(result, each);
        at += point.bytes;
    }
    return result;
}

std::string capitalized(const std::string& text) {
    if (text.empty()) return text;
    const auto bytes = static_cast<std::size_t>(read_code_point(text, 0).bytes);
    return change_case(text.substr(0, bytes), to_upper) + change_case(text.substr(bytes), to_lower);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    if (from.empty()) problem("a text to replace", "an empty one");
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

json split(const std::string& text, const Value* by) {
    json parts = json::array();
    if (by != nullptr) {
        const std::string sign = text_of(*by, "split");
        if (sign.empty()) problem("a text to split at", "an empty one");
        std::size_t at = 0;
        for (std::size_t end = 0; (end = text.find(sign, at)) != std::string::npos;
             at = end + sign.size())
            parts.push_back(text.substr(at, end - at));
        parts.push_back(text.substr(at));
        return parts;
    }
    for (std::size_t at = 0; (at = text.find_first_not_of(white_space, at)) != std::string::npos;) {
        const std::size_t end = std::min(text.find_first_of(white_space, at), text.size());
        parts.push_back(text.substr(at, end - at));
        at = end;
    }
    return parts;
}

Index length(const Value& value) {
    if (value.data.is_string()) return count_characters(value.data.get_ref<const std::string&>());
    if (value.data.is_array() || value.data.is_object())
        return static_cast<Index>(value.data.size());
    if (!value.defined) return 0;
    problem("a text, a list or a dictionary for length", kind_of(value));
}

json as_list(const Value& value) {
    if (value.data.is_array()) return value.data;
    json list = json::array();
    if (value.data.is_object()) {
        for (const auto& [key, each] : value.data.items()) list.push_back(key);
    } else if (value.data.is_string()) {
        list = characters(value.data.get_ref<const std::string&>());
    } else if (value.defined) {
        problem("a list, a dictionary or a text", kind_of(value));
    }
    return list;
}

/// As transformers' tojson: Python's separators, characters as they are.
std::string to_json(const json& value) {
    if (value.is_array() || value.is_object()) {
        std::string text;
        for (const auto& [key, each] : value.items()) {
            if (!text.empty()) text += ", ";
            if (value.is_object()) text += json(key).dump() + ": ";
            text += to_json(each);
        }
        return value.is_array() ? "[" + text + "]" : "{" + text + "}";
    }
    return value.dump();
}

std::string to_json(const Value& value, const Value* indent) {
    if (!value.defined) problem("a value for tojson", kind_of(value));
    if (indent == nullptr || indent->data.is_null()) return to_json(value.data);
    if (!indent->data.is_number_integer()) problem("a whole number for indent", kind_of(*indent));
    return value.data.dump(std::clamp(indent->data.get<int>(), 0, 16));
}

Value end_of(const Value& value, bool last) {
    const json list = as_list(value);
    if (list.empty()) return Value::undefined();
    return {last ? list.back() : list.front()};
}

std::int64_t whole_number(const Value& value) {
    if (value.data.is_number()) return value.data.get<std::int64_t>();
    if (value.data.is_boolean()) return value.data.get<bool>() ? 1 : 0;
    try {
        return std::stoll(text_of(value, "int"));
    } catch (const std::exception&) {
        return 0;  // as Jinja's int does
    }
}

std::string joined(const Value& value, const Value* between) {
    const std::string sign = between == nullptr ? "" : text_of(*between, "join");
    std::string text;
    bool first = true;
    for (const json& each : as_list(value)) {
        if (!first) text += sign;
        first = false;
        text += as_text({each});
    }
    return text;
}

std::string known_names(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& each : names) list += (list.empty() ? "" : ", ") + each;
    return list;
}

}  // namespace

Value apply_filter(const std::string& name, const Value& value, const Arguments& arguments) {
    if (name == "default" || name == "d") {
        const Value* otherwise = arguments.get(0, "default_value");
        const Value* of_false = arguments.get(1, "boolean");
        const bool counts =
            value.defined && (of_false == nullptr || !is_true(*of_false) || is_true(value));
        return counts ? value : otherwise == nullptr ? Value{""} : *otherwise;
    }
    if (name == "trim") {
        const Value* what = arguments.get(0, "chars");
        return {strip(as_text(value), what == nullptr ? white_space : text_of(*what, "trim"),
                      Side::both)};
    }
    if (name == "upper") return {change_case(as_text(value), to_upper)};
    if (name == "lower") return {change_case(as_text(value), to_lower)};
    if (name == "capitalize") return {capitalized(as_text(value))};
    if (name == "string") return {as_text(value)};
    if (name == "int") return {whole_number(value)};
    if (name == "length" || name == "count") return {length(value)};
    if (name == "first" || name == "last") return end_of(value, name == "last");
    if (name == "list") return {as_list(value)};
    if (name == "reverse") return slice(value, {Value::undefined(), Value::undefined(), Value{-1}});
    if (name == "join") return {joined(value, arguments.get(0, "d"))};
    if (name == "tojson") return {to_json(value, arguments.get(0, "indent"))};
    if (name == "replace") {
        const Value *from = arguments.get(0, "old"), *to = arguments.get(1, "new");
        if (from == nullptr || to == nullptr) problem("replace(old, new)", "fewer arguments");
        return {replaced(as_text(value), text_of(*from, "replace"), text_of(*to, "replace"))};
    }
    if (name == "items") return call_method(value, "items", {});
    problem(
        "a filter of " + known_names({"capitalize", "count", "d", "default", "first", "int",
                                      "items", "join", "last", "length", "list", "lower", "replace",
                                      "reverse", "string", "tojson", "trim", "upper"}),
        "\"" + name + "\"");
}

bool apply_test(const std::string& name, const Value& value, const Arguments& arguments) {
    if (name == "defined") return value.defined;
    if (name == "undefined") return !value.defined;
    if (name == "none") return value.defined && value.data.is_null() && value.space == nullptr;
    if (name == "string") return value.data.is_string();
    if (name == "number") return value.data.is_number();
    if (name == "integer") return value.data.is_number_integer();
    if (name == "boolean") return value.data.is_boolean();
    if (name == "mapping") return value.data.is_object();
    if (name == "sequence" || name == "iterable")
        return value.data.is_array() || value.data.is_string() || value.data.is_object();
    if (name == "true") return value.data == true;
    if (name == "false") return value.data == false;
    if (name == "odd" || name == "even") return (whole_number(value) % 2 != 0) == (name == "odd");
    if (name == "equalto" || name == "eq" || name == "in") {
        const Value* other = arguments.get(0, "other");
        if (other == nullptr) problem(name + "(value)", "no argument");
        return name == "in" ? contains(*other, value) : equal(value, *other);
    }
    problem("a test of " + known_names({"boolean", "defined", "eq", "equalto", "even", "false",
                                        "in", "integer", "iterable", "mapping", "none", "number",
                                        "odd", "sequence", "string", "true", "undefined"}),
            "\"" + name + "\"");
}

Value call_method(const Value& value, const std::string& name, const Arguments& arguments) {
    const Value *first = arguments.get(0, ""), *second = arguments.get(1, "");
    if (value.data.is_string()) {
        const std::string text = value.data.get<std::string>();
        const auto what = [&] {
            return first == nullptr ? std::string(white_space) : text_of(*first, name);
        };
        if (name == "strip") return {strip(text, what(), Side::both)};
        if (name == "lstrip") return {strip(text, what(), Side::left)};
        if (name == "rstrip") return {strip(text, what(), Side::right)};
        if (name == "upper") return {change_case(text, to_upper)};
        if (name == "lower") return {change_case(text, to_lower)};
        if (name == "capitalize") return {capitalized(text)};
        if (name == "split") return {split(text, first)};
        if ((name == "startswith" || name == "endswith") && first != nullptr)
            return {name == "startswith" ? text.starts_with(what()) : text.ends_with(what())};
        if (name == "replace" && second != nullptr)
            return {replaced(text, what(), text_of(*second, name))};
        problem(
            "a method of " + known_names({"capitalize", "endswith", "lower", "lstrip", "replace",
                                          "rstrip", "split", "startswith", "strip", "upper"}),
            "\"" + name + "\"");
    }
    if (value.data.is_object()) {
        json list = json::array();
        for (const auto& [key, each] : value.data.items()) {
            if (name == "keys") list.push_back(key);
            if (name == "values") list.push_back(each);
            if (name == "items") list.push_back({key, each});
        }
        if (name == "keys" || name == "values" || name == "items") return {list};
        if (name == "get" && first != nullptr) {
            const Value found = item(value, *first);
            return found.defined ? found : second == nullptr ? Value{nullptr} : *second;
        }
        problem("a method of get, items, keys, values", "\"" + name + "\"");
    }
    problem("a text or a dictionary before ." + name + "()", kind_of(value));
}

}  // namespace vitrine::jinja

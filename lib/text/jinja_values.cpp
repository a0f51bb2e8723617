#include "text/jinja_values.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "text/utf8.h"

namespace vitrine::jinja {

using nlohmann::json;

namespace {

Value arithmetic(const std::string& sign, const json& a, const json& b) {
    const bool whole = a.is_number_integer() && b.is_number_integer();
    if (whole && sign != "/") {
        const auto x = a.get<std::int64_t>(), y = b.get<std::int64_t>();
        std::int64_t result = 0;
        bool overflows = false;
        if (sign == "+") overflows = __builtin_add_overflow(x, y, &result);
        if (sign == "-") overflows = __builtin_sub_overflow(x, y, &result);
        if (sign == "*") overflows = __builtin_mul_overflow(x, y, &result);
        if (sign == "//" || sign == "%") {
            if (y == 0) problem("a divisor other than 0", "0");
            if (y == -1) return {sign == "%" ? json(0) : json(x == INT64_MIN ? x : -x)};
            // Python rounds down.
            const std::int64_t down = x / y - (x % y != 0 && (x < 0) != (y < 0) ? 1 : 0);
            result = sign == "//" ? down : x - down * y;
        }
        if (overflows) problem("a number of 64 bits", "a larger one");
        return {result};
    }
    const auto x = a.get<double>(), y = b.get<double>();
    if (sign == "+") return {x + y};
    if (sign == "-") return {x - y};
    if (sign == "*") return {x * y};
    if (y == 0) problem("a divisor other than 0", "0");
    if (sign == "/") return {x / y};
    const double down = std::floor(x / y);
    return {sign == "//" ? down : x - down * y};
}

}  // namespace

void problem(const std::string& expected, const std::string& actual) {
    throw Problem{expected, actual};
}

const std::string& text_of(const Value& value, const std::string& what) {
    if (!value.data.is_string()) problem("a text for " + what, kind_of(value));
    return value.data.get_ref<const std::string&>();
}

std::vector<std::string> characters(const std::string& text) {
    std::vector<std::string> result;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at + 1;
        while (end < text.size() && is_continuation(text[end])) ++end;
        result.push_back(text.substr(at, end - at));
        at = end;
    }
    return result;
}

const Value* Arguments::get(std::size_t place, const char* name) const {
    if (place < plain.size()) return &plain[place];
    for (const auto& [key, value] : named) {
        if (key == name) return &value;
    }
    return nullptr;
}

std::string kind_of(const Value& value) {
    if (!value.defined) return "nothing: it is not defined";
    if (value.space != nullptr) return "a namespace";
    switch (value.data.type()) {
        case json::value_t::null: return "none";
        case json::value_t::boolean: return "true or false";
        case json::value_t::string: return "a text";
        case json::value_t::array: return "a list";
        case json::value_t::object: return "a dictionary";
        default: return "a number";
    }
}

bool is_true(const Value& value) {
    if (!value.defined) return false;
    if (value.space != nullptr) return true;
    switch (value.data.type()) {
        case json::value_t::null: return false;
        case json::value_t::boolean: return value.data.get<bool>();
        case json::value_t::string: return !value.data.get_ref<const std::string&>().empty();
        case json::value_t::array:
        case json::value_t::object: return !value.data.empty();
        default: return value.data.get<double>() != 0;
    }
}

std::string as_text(const Value& value) {
    if (!value.defined) return "";
    if (value.data.is_string()) return value.data.get<std::string>();
    if (value.data.is_null() && value.space == nullptr) return "None";
    if (value.data.is_boolean()) return value.data.get<bool>() ? "True" : "False";
    if (value.data.is_number()) return value.data.dump();
    problem("a text or a number to print (| tojson prints the others)", kind_of(value));
}

bool equal(const Value& a, const Value& b) {
    if (!a.defined || !b.defined) return a.defined == b.defined;
    return a.space == b.space && a.data == b.data;
}

bool contains(const Value& container, const Value& item) {
    if (container.data.is_string())
        return container.data.get_ref<const std::string&>().find(text_of(item, "in")) !=
               std::string::npos;
    if (container.data.is_object())
        return item.data.is_string() && container.data.contains(item.data.get<std::string>());
    if (container.data.is_array()) {
        for (const json& each : container.data) {
            if (equal({each}, item)) return true;
        }
        return false;
    }
    if (!container.defined) return false;
    problem("a list, a dictionary or a text behind in", kind_of(container));
}

Value operate(const std::string& sign, const Value& a, const Value& b) {
    if (sign == "==") return {equal(a, b)};
    if (sign == "!=") return {!equal(a, b)};
    if (sign == "in") return {contains(b, a)};
    if (sign == "not in") return {!contains(b, a)};
    if (sign == "~") return {as_text(a) + as_text(b)};
    const bool numbers = a.data.is_number() && b.data.is_number();
    const bool texts = a.data.is_string() && b.data.is_string();
    if (sign == "<" || sign == ">" || sign == "<=" || sign == ">=") {
        if (!numbers && !texts)
            problem("two numbers or two texts around " + sign, kind_of(a) + " and " + kind_of(b));
        if (sign == "<") return {a.data < b.data};
        if (sign == ">") return {b.data < a.data};
        return {sign == "<=" ? !(b.data < a.data) : !(a.data < b.data)};
    }
    if (sign == "+" && texts) return {a.data.get<std::string>() + b.data.get<std::string>()};
    if (sign == "+" && a.data.is_array() && b.data.is_array()) {
        Value both = a;
        both.data.insert(both.data.end(), b.data.begin(), b.data.end());
        return both;
    }
    if (!numbers) {
        problem(sign == "+"
                    ? "two texts, two numbers or two lists around + (~ joins what is no text)"
                    : "two numbers around " + sign,
                kind_of(a) + " and " + kind_of(b));
    }
    return arithmetic(sign, a.data, b.data);
}

Value attribute(const Value& value, const std::string& name) {
    if (!value.defined) problem("a value that has \"" + name + "\"", kind_of(value));
    const json& object = value.space != nullptr ? *value.space : value.data;
    if (!object.is_object() || !object.contains(name)) return Value::undefined();
    return {object[name]};
}

Value item(const Value& value, const Value& key) {
    if (!value.defined) problem("a value before [ ]", kind_of(value));
    if (key.data.is_string()) return attribute(value, key.data.get<std::string>());
    if (!key.data.is_number_integer()) problem("a text or a whole number in [ ]", kind_of(key));
    auto place = key.data.get<std::int64_t>();
    const auto at = [&](const auto& list) -> const auto* {
        const auto size = static_cast<std::int64_t>(list.size());
        if (place < 0) place += size;
        return place < 0 || place >= size ? nullptr : &list[static_cast<std::size_t>(place)];
    };
    if (value.data.is_array()) {
        const json* found = at(value.data);
        return found == nullptr ? Value::undefined() : Value{*found};
    }
    if (value.data.is_string()) {
        const std::vector<std::string> all = characters(value.data.get<std::string>());
        const std::string* found = at(all);
        return found == nullptr ? Value::undefined() : Value{*found};
    }
    return Value::undefined();
}

Value slice(const Value& value, const std::array<Value, 3>& parts) {
    const auto number = [&](std::size_t i, std::int64_t otherwise) {
        if (!parts[i].defined || parts[i].data.is_null()) return otherwise;
        if (!parts[i].data.is_number_integer())
            problem("whole numbers in [begin:end:step]", kind_of(parts[i]));
        return parts[i].data.get<std::int64_t>();
    };
    json list = value.data;
    if (value.data.is_string()) list = characters(value.data.get<std::string>());
    if (!list.is_array()) problem("a list or a text before [begin:end]", kind_of(value));
    const auto size = static_cast<std::int64_t>(list.size());
    const std::int64_t step = number(2, 1);
    if (step == 0) problem("a step other than 0", "0");
    // Python's slice.indices()
    const std::int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
    const auto place = [&](std::size_t i, std::int64_t otherwise) {
        std::int64_t at = number(i, otherwise);
        if (parts[i].defined && !parts[i].data.is_null() && at < 0) at += size;
        return std::clamp(at, low, high);
    };
    const std::int64_t begin = place(0, step > 0 ? low : high),
                       end = place(1, step > 0 ? high : low);
    json result = json::array();
    for (std::int64_t i = begin; step > 0 ? i < end : i > end;) {
        result.push_back(list[static_cast<std::size_t>(i)]);
        if (__builtin_add_overflow(i, step, &i)) break;
    }
    if (!value.data.is_string()) return {result};
    std::string text;
    for (const json& each : result) text += each.get<std::string>();
    return {text};
}

}  // namespace vitrine::jinja

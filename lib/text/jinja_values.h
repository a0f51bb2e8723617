// Values of a template while it is rendered, and what can be done with them.
#pragma once

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace vitrine::jinja {

/// A problem with a value; the renderer adds where in the template it came up.
struct Problem {
    std::string expected, actual;
};

struct Value {
    nlohmann::json data{};
    bool defined = true;
    std::shared_ptr<nlohmann::json> space{};  // namespace(): an object that can be changed

    static Value undefined() { return {nullptr, false, nullptr}; }
};

/// The arguments of a call: those without names, then those with.
struct Arguments {
    std::vector<Value> plain;
    std::vector<std::pair<std::string, Value>> named;

    /// The argument at a place or of a name; nullptr if there is none.
    const Value* get(std::size_t place, const char* name) const;
};

// All throw Problem.

[[noreturn]] void problem(const std::string& expected, const std::string& actual);
/// @param what  takes a text, for the message
const std::string& text_of(const Value& value, const std::string& what);
/// The characters of a text, each a text: what a list of it holds.
std::vector<std::string> characters(const std::string& text);

bool is_true(const Value& value);
/// As Python's str() writes it: "None", "True". Lists and dictionaries have none here.
std::string as_text(const Value& value);
/// "a text", "a list", for messages.
std::string kind_of(const Value& value);
bool equal(const Value& a, const Value& b);
bool contains(const Value& container, const Value& item);

Value operate(const std::string& sign, const Value& a, const Value& b);
Value attribute(const Value& value, const std::string& name);
Value item(const Value& value, const Value& key);
/// @param parts  begin, end, step; undefined where nothing stands
Value slice(const Value& value, const std::array<Value, 3>& parts);

Value apply_filter(const std::string& name, const Value& value, const Arguments& arguments);
bool apply_test(const std::string& name, const Value& value, const Arguments& arguments);
Value call_method(const Value& value, const std::string& name, const Arguments& arguments);

}  // namespace vitrine::jinja

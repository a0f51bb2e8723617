#include "text/json_fields.h"

#include <nlohmann/json.hpp>

namespace vitrine {

using nlohmann::json;

namespace {
std::string member_name(const std::string& where, const std::string& key) {
    return where + ", \"" + key + "\"";
}
}  // namespace

std::string shown(const json& value) {
    constexpr std::size_t longest = 60;
    if (value.is_structured()) {
        return std::string(value.type_name()) + " of " + std::to_string(value.size());
    }
    if (value.is_string()) {  // cut first: writing megabytes to show sixty bytes is slow
        const auto& text = value.get_ref<const std::string&>();
        return json(text.substr(0, longest)).dump(-1, ' ', false, json::error_handler_t::replace);
    }
    return value.dump();
}

const json* find_member(const json& object, const char* key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

const json& require_member(const json& object, const char* key, json::value_t type,
                           const std::string& where) {
    const json* found = find_member(object, key);
    if (found == nullptr || found->type() != type) {
        throw FileError(member_name(where, key), std::string("an ") + json(type).type_name(),
                        found == nullptr ? "none" : shown(*found));
    }
    return *found;
}

bool read_flag(const json& object, const char* key, bool fallback, const std::string& where) {
    const json* found = find_member(object, key);
    if (found == nullptr) return fallback;
    if (!found->is_boolean()) {
        throw FileError(member_name(where, key), "true or false", shown(*found));
    }
    return found->get<bool>();
}

std::string read_text(const json& object, const char* key, const std::string& fallback,
                      const std::string& where) {
    const json* found = find_member(object, key);
    if (found == nullptr) return fallback;
    if (!found->is_string()) {
        throw FileError(member_name(where, key), "a string", shown(*found));
    }
    return found->get<std::string>();
}

std::string read_special_token(const json& config, const char* key, const std::string& where) {
    const json* found = find_member(config, key);
    if (found == nullptr || !found->is_object()) return read_text(config, key, "", where);
    return read_text(*found, "content", "", member_name(where, key));
}

std::pair<std::string, std::string> read_replacement(const json& step, const std::string& where) {
    const json& pattern = require_member(step, "pattern", json::value_t::object, where);
    if (!pattern.contains("String")) {
        throw FileError(where + ", \"pattern\"", "a \"String\"", shown(pattern),
                        "Vitrine does not know regular expressions here yet");
    }
    const std::string from = read_text(pattern, "String", "", where + ", \"pattern\"");
    if (from.empty()) throw FileError(where + ", \"pattern\"", "a text to replace", "none");
    return {from, read_text(step, "content", "", where)};
}

std::string step_type(const json& root, const char* step, const std::string& where) {
    const json* found = find_member(root, step);
    if (found == nullptr) return "";
    const std::string name = member_name(where, step);
    if (!found->is_object()) throw FileError(name, "an object", shown(*found));
    std::string type = read_text(*found, "type", "", name);
    if (type.empty()) throw FileError(name, "a \"type\"", "none");
    return type;
}

void refuse_type(const std::string& where, const std::string& step, const std::string& supported,
                 const std::string& type) {
    throw FileError(member_name(where, step), supported,
                    type.empty() ? "null" : "type " + shown(json(type)),
                    "Vitrine does not know this kind of tokenizer yet");
}

}  // namespace vitrine

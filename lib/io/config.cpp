#include "io/config.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "io/json.h"
#include "tensor/error.h"

namespace vitrine {

using nlohmann::json;

ConfigFile ConfigFile::open(const std::filesystem::path& path) {
    const auto file = std::filesystem::is_directory(path) ? path / "config.json" : path;
    return parse(read_file(file, 4U << 20U), file.string());
}

ConfigFile ConfigFile::parse(std::string_view text, const std::string& where) {
    ConfigFile config;
    config.where_ = where;
    config.root_ = std::make_shared<const json>(parse_json(text, where));
    if (!config.root_->is_object())
        throw FileError(where, "a JSON object", config.root_->type_name());
    return config;
}

namespace {

/// A member of an object, or an element of a list by its number; null if it is not there.
const json* member(const json& value, const std::string& name) {
    if (value.is_object()) {
        const auto found = value.find(name);
        return found == value.end() ? nullptr : &*found;
    }
    if (!value.is_array() || name.empty() || name.size() > 3 ||
        name.find_first_not_of("0123456789") != std::string::npos) {
        return nullptr;
    }
    const auto i = static_cast<std::size_t>(std::stoi(name));
    return i < value.size() ? &value[i] : nullptr;
}

}  // namespace

ConfigFile::Found ConfigFile::find(Names names) const {
    for (const std::string& name : names) {
        const json* value = root_.get();
        std::size_t begin = 0;
        while (value != nullptr && begin <= name.size()) {
            const std::size_t dot = std::min(name.find('.', begin), name.size());
            value = member(*value, name.substr(begin, dot - begin));
            begin = dot + 1;
        }
        if (value != nullptr && !value->is_null()) return {name, value};
    }
    return {};
}

template <class T, class Test>
std::optional<T> ConfigFile::read(Names names, const std::string& expected, Test is_right,
                                  bool may_miss) const {
    const Found found = find(names);
    if (found.value == nullptr) {
        if (may_miss) return {};
        std::string all;
        for (const std::string& name : names) all += (all.empty() ? "\"" : " or \"") + name + "\"";
        throw FileError(where_, all, "no such key", "is this the config.json of a model?");
    }
    if (!is_right(*found.value)) {
        throw FileError(
            where_ + ", \"" + found.name + "\"", expected,
            found.value->dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 60));
    }
    return found.value->get<T>();
}

Index ConfigFile::integer(Names names, Index low, Index high, std::optional<Index> fallback) const {
    const auto fits = [&](const json& value) {
        if (!value.is_number_integer()) return false;
        if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return false;
        return value.get<std::int64_t>() >= low && value.get<std::int64_t>() <= high;
    };
    const auto value = read<Index>(
        names, "a whole number from " + std::to_string(low) + " to " + std::to_string(high), fits,
        fallback.has_value());
    return value ? *value : *fallback;
}

double ConfigFile::number(Names names, std::optional<double> fallback) const {
    const auto value = read<double>(
        names, "a number", [](const json& v) { return v.is_number(); }, fallback.has_value());
    return value ? *value : *fallback;
}

bool ConfigFile::boolean(Names names, std::optional<bool> fallback) const {
    const auto value = read<bool>(
        names, "true or false", [](const json& v) { return v.is_boolean(); }, fallback.has_value());
    return value ? *value : *fallback;
}

std::string ConfigFile::text(Names names, std::optional<std::string> fallback) const {
    const auto value = read<std::string>(
        names, "a text", [](const json& v) { return v.is_string(); }, fallback.has_value());
    return value ? *value : *fallback;
}

}  // namespace vitrine

#include "text/chat_template.h"

#include <nlohmann/json.hpp>

#include "io/json.h"
#include "tensor/error.h"
#include "text/json_fields.h"

namespace vitrine {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr std::size_t largest_template = 1U << 20U;

/// "chat_template" is a text, or a list of {"name", "template"}.
std::string template_of(const json& config, const std::string& where) {
    const auto found = config.find("chat_template");
    if (found == config.end()) {
        throw FileError(where, "\"chat_template\", or a chat_template.jinja beside it", "neither",
                        "take a model that was trained to chat");
    }
    if (found->is_string()) return found->get<std::string>();
    if (found->is_array()) {
        for (const json& each : *found) {
            if (each.is_object() && each.value("name", "") == "default" &&
                each.contains("template") && each["template"].is_string())
                return each["template"].get<std::string>();
        }
    }
    throw FileError(where + ", \"chat_template\"", "a text, or a list with the name \"default\"",
                    found->type_name());
}

}  // namespace

ChatTemplate::ChatTemplate(jinja::Template read, json variables)
    : template_(std::move(read)), variables_(std::move(variables)) {}

ChatTemplate ChatTemplate::parse(std::string_view text, const std::string& bos_token,
                                 const std::string& eos_token, const std::string& where) {
    return {jinja::Template::parse(text, where),
            {{"bos_token", bos_token}, {"eos_token", eos_token}}};
}

ChatTemplate ChatTemplate::load(const fs::path& folder) {
    const fs::path file = folder / "tokenizer_config.json", own = folder / "chat_template.jinja";
    std::error_code ignored;
    const bool has_own = fs::exists(own, ignored);
    json config = json::object();
    if (fs::exists(file, ignored)) config = read_json(file);
    if (!config.is_object()) throw FileError(file.string(), "an object", config.type_name());
    const std::string text =
        has_own ? read_file(own, largest_template) : template_of(config, file.string());
    const auto special = [&](const char* key) {
        return read_special_token(config, key, file.string());
    };
    return parse(text, special("bos_token"), special("eos_token"),
                 (has_own ? own : file).string() + ", the chat template");
}

std::string ChatTemplate::render(std::span<const ChatMessage> messages, bool begins_answer) const {
    json variables = variables_;
    json& list = variables["messages"] = json::array();
    for (const ChatMessage& each : messages)
        list.push_back({{"role", each.role}, {"content", each.content}});
    variables["add_generation_prompt"] = begins_answer;
    return template_.render(variables);
}

}  // namespace vitrine

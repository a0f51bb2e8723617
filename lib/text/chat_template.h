// A conversation as the text that a chat model was trained on.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "text/jinja.h"

namespace vitrine {

struct ChatMessage {
    std::string role;  // "system", "user", "assistant"
    std::string content;
};

class ChatTemplate {
   public:
    /// From chat_template.jinja, or "chat_template" in tokenizer_config.json (of several the one
    /// that is called "default").
    /// @throws FileError, TextError
    static ChatTemplate load(const std::filesystem::path& folder);
    /// @param where  names the template in errors
    static ChatTemplate parse(std::string_view text, const std::string& bos_token,
                              const std::string& eos_token, const std::string& where);

    /// @param begins_answer  the text ends where the model's answer begins
    /// @throws TextError  what the template says of a conversation it does not take
    std::string render(std::span<const ChatMessage> messages, bool begins_answer = true) const;

   private:
    ChatTemplate(jinja::Template read, nlohmann::json variables);
    jinja::Template template_;
    nlohmann::json variables_;  // what every rendering has: bos_token, eos_token
};

}  // namespace vitrine

#include "text/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>

#include "tensor/error.h"

namespace vitrine {

struct Regex::Code {
    pcre2_code* code = nullptr;
    explicit Code(pcre2_code* compiled) : code(compiled) {}
    ~Code() { pcre2_code_free(code); }
    Code(const Code&) = delete;
    Code& operator=(const Code&) = delete;
};

namespace {
std::string message_of(int error) {
    std::array<PCRE2_UCHAR, 256> text{};
    pcre2_get_error_message(error, text.data(), text.size());
    return reinterpret_cast<const char*>(text.data());
}
}  // namespace

Regex::Regex(const std::string& pattern, const std::string& where) {
    int error = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code* code =
        pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                      PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &error, &offset, nullptr);
    if (code == nullptr) {
        throw FileError(
            where, "a regular expression",
            "\"" + pattern + "\": " + message_of(error) + " at " + std::to_string(offset));
    }
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);  // without it matching is slower, not different
    code_ = std::make_shared<const Code>(code);
}

void Regex::for_each_match(std::string_view text,
                           const std::function<void(ByteRange)>& each) const {
    const std::unique_ptr<pcre2_match_data, void (*)(pcre2_match_data*)> data(
        pcre2_match_data_create_from_pattern(code_->code, nullptr), pcre2_match_data_free);
    for (std::size_t at = 0; at < text.size();) {
        const auto match = [&](std::uint32_t options) {
            return pcre2_match(code_->code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(),
                               at, PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY | options, data.get(),
                               nullptr);
        };
        int found = match(0);
        // Compiled code has a small stack; the interpreter takes what it needs.
        if (found == PCRE2_ERROR_JIT_STACKLIMIT) found = match(PCRE2_NO_JIT);
        if (found == PCRE2_ERROR_NOMATCH) return;
        if (found < 0) {
            throw TextError("text", "one that the tokenizer's pattern can be matched with",
                            message_of(found));
        }
        const PCRE2_SIZE* range = pcre2_get_ovector_pointer(data.get());
        each({range[0], range[1]});
        at = range[1];
    }
}

}  // namespace vitrine

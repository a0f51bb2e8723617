#include "viz/views/token_labels.h"

#include <algorithm>

#include "text/hangul.h"
#include "text/utf8.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

TokenLabels label_tokens(const Tokenizer* tokenizer, const Encoding& encoding,
                         std::string_view text) {
    TokenLabels result;
    std::size_t byte = 0;  // pieces follow each other in the text without gaps
    for (std::size_t i = 0; i < encoding.ids.size(); ++i) {
        const int id = encoding.ids[i];
        const bool special = tokenizer != nullptr && tokenizer->is_special(id);
        const std::string raw =
            special || tokenizer == nullptr ? encoding.tokens[i] : tokenizer->bytes(id);
        const bool typed = text.substr(std::min(byte, text.size())).starts_with(raw) &&
                           (!special || encoding.offsets[i][0] != encoding.offsets[i][1]);
        result.bytes.push_back({byte, typed ? byte + raw.size() : byte});
        if (typed) byte += raw.size();
        result.labels.push_back(special ? raw : visible_text(raw));
        result.raw.push_back(raw);
        result.special.push_back(special);
    }
    return result;
}

std::vector<std::string> short_labels(const TokenLabels& tokens, bool has_start,
                                      Language language) {
    std::vector<std::string> result;
    for (const std::string& label : tokens.labels) {
        const bool start = has_start && result.empty();
        result.push_back(displayable(start ? say(language, "‹start›", "‹시작›") : label));
    }
    return result;
}

std::vector<SyllableParts> syllables_of(const TokenLabels& labels, std::string_view text,
                                        Index position) {
    std::vector<SyllableParts> result;
    const auto [begin, end] = labels.bytes[static_cast<std::size_t>(position)];
    for (std::size_t byte = 0; byte < std::min(end, text.size());) {
        const Character c = next_character(text.substr(byte));
        const std::size_t next = byte + c.bytes;
        if (next > begin && c.valid && is_hangul_syllable(static_cast<char32_t>(c.code))) {
            SyllableParts parts{std::string(text.substr(byte, c.bytes)), byte, {}, {}};
            for (const char32_t letter : hangul_letters(static_cast<char32_t>(c.code))) {
                append_code_point(parts.letters.emplace_back(), letter);
            }
            for (std::size_t t = 0; t < labels.bytes.size(); ++t) {
                const auto [from, to] = labels.bytes[t];
                if (from < next && to > byte) parts.tokens.push_back(static_cast<Index>(t));
            }
            result.push_back(std::move(parts));
        }
        byte = next;
    }
    return result;
}

}  // namespace vitrine::viz

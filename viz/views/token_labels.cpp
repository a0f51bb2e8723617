#include "viz/views/token_labels.h"

#include <algorithm>

#include "text/hangul.h"
#include "text/utf8.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

/// Where each character of a text begins, and where the last ends.
std::vector<std::size_t> character_starts(std::string_view text) {
    std::vector<std::size_t> starts;
    for (std::size_t byte = 0; byte < text.size(); ++byte) {
        if (!is_continuation(text[byte])) starts.push_back(byte);
    }
    starts.push_back(text.size());
    return starts;
}

}  // namespace

TokenLabels label_tokens(const Tokenizer* tokenizer, const Encoding& encoding,
                         std::string_view text) {
    TokenLabels result;
    const std::vector<std::size_t> starts = character_starts(text);
    std::size_t byte = 0;  // most pieces follow each other in the text without gaps
    for (std::size_t i = 0; i < encoding.ids.size(); ++i) {
        const int id = encoding.ids[i];
        const bool known = tokenizer != nullptr && id < tokenizer->vocabulary();
        const bool special = known && tokenizer->is_special(id);
        const std::string raw = special || !known ? encoding.tokens[i] : tokenizer->bytes(id);
        const bool typed = text.substr(std::min(byte, text.size())).starts_with(raw) &&
                           (!special || encoding.offsets[i][0] != encoding.offsets[i][1]);
        const auto [begin, end] =
            i < encoding.offsets.size() ? encoding.offsets[i] : std::array<Index, 2>{0, 0};
        if (typed) {
            result.bytes.push_back({byte, byte + raw.size()});
        } else if (begin < end && static_cast<std::size_t>(end) < starts.size()) {
            // The text was changed on the way, or the space in front belongs to no piece.
            result.bytes.push_back(
                {starts[static_cast<std::size_t>(begin)], starts[static_cast<std::size_t>(end)]});
        } else {
            result.bytes.push_back({byte, byte});
        }
        byte = std::max(byte, result.bytes.back()[1]);
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

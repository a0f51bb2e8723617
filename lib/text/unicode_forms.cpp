#include "text/unicode_forms.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <optional>

#include "text/hangul.h"
#include "text/utf8.h"

namespace vitrine {

namespace {

/// A character of the new text. change 0: in the place of the next old character; 1: added after
/// it; -n: in the place of the next n + 1.
struct Changed {
    char32_t value = 0;
    int change = 0;
};

int combining_class(char32_t value) {
    return utf8proc_get_property(static_cast<utf8proc_int32_t>(value))->combining_class;
}

/// The character that two become together.
std::optional<char32_t> compose(char32_t first, char32_t second) {
    std::array<utf8proc_int32_t, 3> pair = {static_cast<utf8proc_int32_t>(first),
                                            static_cast<utf8proc_int32_t>(second), 0};
    const utf8proc_ssize_t length = utf8proc_normalize_utf32(
        pair.data(), 2, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    if (length != 1) return {};
    return static_cast<char32_t>(pair[0]);
}

void append_decomposed(char32_t value, bool compatible, std::vector<Changed>& to) {
    constexpr utf8proc_ssize_t most = 32;  // U+FDFA has 18
    std::array<utf8proc_int32_t, most> parts{};
    int boundary = 0;
    const int options = UTF8PROC_DECOMPOSE | (compatible ? UTF8PROC_COMPAT : 0);
    const utf8proc_ssize_t count =
        utf8proc_decompose_char(static_cast<utf8proc_int32_t>(value), parts.data(), most,
                                static_cast<utf8proc_option_t>(options), &boundary);
    if (count < 1 || count > most) {
        to.push_back({value, 0});
        return;
    }
    for (utf8proc_ssize_t i = 0; i < count; ++i)
        to.push_back({static_cast<char32_t>(parts[static_cast<std::size_t>(i)]), i == 0 ? 0 : 1});
}

/// Marks that follow a character, in the order of their classes.
void sort_marks(std::vector<Changed>& text) {
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = begin;
        while (end < text.size() && combining_class(text[end].value) != 0) ++end;
        std::stable_sort(text.begin() + static_cast<std::ptrdiff_t>(begin),
                         text.begin() + static_cast<std::ptrdiff_t>(end),
                         [](const Changed& a, const Changed& b) {
                             return combining_class(a.value) < combining_class(b.value);
                         });
        begin = end + 1;
    }
}

/// Puts together what was taken apart: each character with the marks after it that nothing of the
/// same class keeps away.
std::vector<Changed> recomposed(const std::vector<Changed>& text) {
    std::vector<Changed> result;
    std::optional<std::size_t> starter;  // in `result`
    int last_class = 0;                  // of what lies between the starter and here
    bool is_adjacent = true;
    for (const Changed& next : text) {
        const int next_class = combining_class(next.value);
        if (starter && (is_adjacent || last_class < next_class)) {
            if (const auto joined = compose(result[*starter].value, next.value)) {
                result[*starter] = {*joined, result[*starter].change + next.change - 1};
                continue;
            }
        }
        result.push_back(next);
        if (next_class == 0) {
            starter = result.size() - 1;
            is_adjacent = true;
        } else {
            is_adjacent = false;
        }
        last_class = next_class;
    }
    return result;
}

/// Writes the characters that a stretch of the old text became.
void put_changed(const std::vector<Changed>& changed, std::string_view old, ByteRange stretch,
                 AlignedText::Rewrite& rewrite) {
    std::size_t at = stretch.begin;
    ByteRange from{at, at};  // the old character that what comes is made from
    const auto next_character = [&] {
        const std::size_t begin = at;
        if (at < stretch.end)
            at += static_cast<std::size_t>(std::max(1, read_code_point(old, at).bytes));
        return ByteRange{begin, at};
    };
    std::string character;
    for (const Changed& made : changed) {
        if (made.change <= 0) from = next_character();
        ByteRange last = from;
        for (int i = 0; i < -made.change; ++i) last = next_character();
        character.clear();
        append_code_point(character, made.value);
        rewrite.put(character, from);
        from = last;
    }
}

/// True for characters that are the same in the form, whatever stands before them.
bool is_stable(char32_t value, bool composes) {
    const bool is_ascii = value < 0x80;
    const bool is_ideograph = value >= 0x4e00 && value <= 0x9fff;
    return is_ascii || is_ideograph || (composes && is_hangul_syllable(value));
}

}  // namespace

CodePoints decompose(char32_t value) {
    CodePoints result;
    if (value < 0xc0) {  // nothing below comes apart
        result.values[result.count++] = value;
        return result;
    }
    if (is_hangul_syllable(value)) {
        // Unicode 15, section 3.12: an initial, a vowel and perhaps a final.
        constexpr char32_t initial = 0x1100, vowel = 0x1161, before_final = 0x11a7;
        constexpr char32_t vowels = 21, finals = 28;
        const char32_t index = value - 0xac00;
        result = {{initial + index / (vowels * finals), vowel + index / finals % vowels}, 2};
        if (index % finals != 0) result.values[result.count++] = before_final + index % finals;
        return result;
    }
    std::vector<Changed> parts;
    append_decomposed(value, false, parts);
    for (const Changed& part : parts) {
        if (result.count < 4) result.values[result.count++] = part.value;
    }
    return result;
}

CodePoints to_lower(char32_t value) {
    constexpr char32_t capital_i_with_dot = 0x130;
    constexpr char32_t dot_above = 0x307;
    CodePoints result;
    result.count = 1;
    if (value < 0x80) {
        result.values[0] = value >= 'A' && value <= 'Z' ? value + ('a' - 'A') : value;
    } else if (value == capital_i_with_dot) {
        result = {{'i', dot_above}, 2};
    } else {
        result.values[0] =
            static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(value)));
    }
    return result;
}

CodePoints to_upper(char32_t value) {
    constexpr char32_t sharp_s = 0xDF;
    if (value == sharp_s) return {{'S', 'S'}, 2};
    CodePoints result;
    result.count = 1;
    result.values[0] =
        static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(value)));
    return result;
}

void to_unicode_form(UnicodeForm form, AlignedText& text) {
    const bool composes = form == UnicodeForm::nfc || form == UnicodeForm::nfkc;
    const bool compatible = form == UnicodeForm::nfkd || form == UnicodeForm::nfkc;
    const std::string_view old = text.bytes();
    AlignedText::Rewrite rewrite(text);
    std::size_t done = 0;    // what is before is written
    std::size_t before = 0;  // the stable character before `at`, if there is one
    std::size_t at = 0;
    bool is_changed = false;
    while (at < old.size()) {
        CodePoint point = read_code_point(old, at);
        if (is_stable(point.value, composes)) {
            before = at;
            at += static_cast<std::size_t>(point.bytes);
            continue;
        }
        // A stretch that may change: from the stable character it may join to the next stable one.
        const ByteRange stretch_start{std::max(before, done), at};
        std::vector<Changed> changed;
        std::size_t end = stretch_start.begin;
        while (end < old.size()) {
            point = read_code_point(old, end);
            if (end >= at && is_stable(point.value, composes)) break;
            append_decomposed(point.value, compatible, changed);
            end += static_cast<std::size_t>(std::max(1, point.bytes));
        }
        sort_marks(changed);
        if (composes) changed = recomposed(changed);
        rewrite.keep({done, stretch_start.begin});
        put_changed(changed, old, {stretch_start.begin, end}, rewrite);
        done = at = before = end;
        is_changed = true;
    }
    if (!is_changed) return;
    rewrite.keep({done, old.size()});
    text.replace_by(std::move(rewrite));
}

}  // namespace vitrine

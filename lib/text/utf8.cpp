#include "text/utf8.h"

#include <cstdint>
#include <cstring>

#include "tensor/error.h"

namespace vitrine {

namespace {

constexpr char32_t replacement = 0xfffd;

/// What may follow a lead byte: the number of continuation bytes and the range of the first.
struct Lead {
    int following = -1;  // -1: no lead byte
    unsigned char low = 0x80, high = 0xbf;
};

Lead lead_of(unsigned char byte) {
    if (byte < 0x80) return {0};
    if (byte >= 0xc2 && byte <= 0xdf) return {1};
    if (byte == 0xe0) return {2, 0xa0, 0xbf};  // no overlong forms
    if (byte == 0xed) return {2, 0x80, 0x9f};  // no surrogates
    if (byte >= 0xe1 && byte <= 0xef) return {2};
    if (byte == 0xf0) return {3, 0x90, 0xbf};
    if (byte >= 0xf1 && byte <= 0xf3) return {3};
    if (byte == 0xf4) return {3, 0x80, 0x8f};  // nothing above U+10FFFF
    return {};
}

/// Bytes from `at` that fit a character so far, and whether it is whole.
int fitting_bytes(std::string_view text, std::size_t at, bool& whole) {
    whole = false;
    const Lead lead = lead_of(static_cast<unsigned char>(text[at]));
    if (lead.following < 0) return 0;
    int fitting = 1;
    while (fitting <= lead.following && at + static_cast<std::size_t>(fitting) < text.size()) {
        const auto byte = static_cast<unsigned char>(text[at + static_cast<std::size_t>(fitting)]);
        const unsigned char low = fitting == 1 ? lead.low : 0x80;
        const unsigned char high = fitting == 1 ? lead.high : 0xbf;
        if (byte < low || byte > high) return fitting;
        ++fitting;
    }
    whole = fitting == lead.following + 1;
    return fitting;
}

}  // namespace

CodePoint read_code_point(std::string_view text, std::size_t at) {
    if (at >= text.size()) return {};
    const auto first = static_cast<unsigned char>(text[at]);
    if (first < 0x80) return {first, 1};
    bool whole = false;
    const int bytes = fitting_bytes(text, at, whole);
    if (!whole) return {};
    char32_t value = first & (0x7fU >> static_cast<unsigned>(bytes));
    for (int i = 1; i < bytes; ++i) {
        value = (value << 6U) |
                (static_cast<unsigned char>(text[at + static_cast<std::size_t>(i)]) & 0x3fU);
    }
    return {value, bytes};
}

std::size_t first_invalid_byte(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        std::uint64_t eight = 0;
        if (at + 8 <= text.size()) {
            std::memcpy(&eight, text.data() + at, 8);
            if ((eight & 0x8080808080808080U) == 0) {
                at += 8;
                continue;
            }
        }
        const CodePoint point = read_code_point(text, at);
        if (point.bytes == 0) return at;
        at += static_cast<std::size_t>(point.bytes);
    }
    return std::string_view::npos;
}

void check_utf8(std::string_view text, const std::string& name) {
    const std::size_t bad = first_invalid_byte(text);
    if (bad == std::string_view::npos) return;
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(text[bad]);
    throw TextError(name, "UTF-8",
                    std::string("the byte 0x") + digits[byte >> 4U] + digits[byte & 15U] +
                        " at byte offset " + std::to_string(bad),
                    "convert the text to UTF-8");
}

void append_code_point(std::string& text, char32_t value) {
    const auto byte = [&](char32_t bits) { text.push_back(static_cast<char>(bits)); };
    if (value < 0x80) {
        byte(value);
    } else if (value < 0x800) {
        byte(0xc0U | (value >> 6U));
        byte(0x80U | (value & 0x3fU));
    } else if (value < 0x10000) {
        byte(0xe0U | (value >> 12U));
        byte(0x80U | ((value >> 6U) & 0x3fU));
        byte(0x80U | (value & 0x3fU));
    } else {
        byte(0xf0U | (value >> 18U));
        byte(0x80U | ((value >> 12U) & 0x3fU));
        byte(0x80U | ((value >> 6U) & 0x3fU));
        byte(0x80U | (value & 0x3fU));
    }
}

Index count_characters(std::string_view text) {
    Index count = 0;
    for (const char byte : text) count += is_continuation(byte) ? 0 : 1;
    return count;
}

std::string repair_utf8(std::string_view bytes) {
    if (first_invalid_byte(bytes) == std::string_view::npos) return std::string(bytes);
    std::string result;
    for (std::size_t at = 0; at < bytes.size();) {
        bool whole = false;
        const int fitting = fitting_bytes(bytes, at, whole);
        if (whole) {
            result.append(bytes.substr(at, static_cast<std::size_t>(fitting)));
        } else {
            append_code_point(result, replacement);
        }
        at += static_cast<std::size_t>(fitting > 0 ? fitting : 1);
    }
    return result;
}

std::size_t unfinished_bytes(std::string_view bytes) {
    for (std::size_t tail = 1; tail <= 3 && tail <= bytes.size(); ++tail) {
        const std::size_t at = bytes.size() - tail;
        if (is_continuation(bytes[at])) continue;
        bool whole = false;
        const int fitting = fitting_bytes(bytes, at, whole);
        return !whole && fitting == static_cast<int>(tail) ? tail : 0;
    }
    return 0;
}

}  // namespace vitrine

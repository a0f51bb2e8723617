#include "text/byte_alphabet.h"

#include <array>

#include "text/utf8.h"

namespace vitrine {

namespace {

bool is_printable(unsigned byte) {
    return (byte >= '!' && byte <= '~') || (byte >= 0xa1 && byte <= 0xac) ||
           (byte >= 0xae && byte <= 0xff);
}

struct Alphabet {
    std::array<char32_t, 256> character{};
    std::array<int, 512> byte{};  // by character, -1 for none

    Alphabet() {
        byte.fill(-1);
        char32_t next = 256;  // the others take the characters from 256 on, in order
        for (unsigned b = 0; b < 256; ++b) {
            character[b] = is_printable(b) ? static_cast<char32_t>(b) : next++;
            byte[character[b]] = static_cast<int>(b);
        }
    }
};

const Alphabet& alphabet() {
    static const Alphabet table;
    return table;
}

}  // namespace

char32_t byte_character(unsigned char byte) {
    return alphabet().character[byte];
}

std::optional<std::string> bytes_of_token(std::string_view token) {
    std::string bytes;
    for (std::size_t at = 0; at < token.size();) {
        const CodePoint point = read_code_point(token, at);
        if (point.bytes == 0 || point.value >= alphabet().byte.size()) return {};
        const int byte = alphabet().byte[point.value];
        if (byte < 0) return {};
        bytes.push_back(static_cast<char>(byte));
        at += static_cast<std::size_t>(point.bytes);
    }
    return bytes;
}

}  // namespace vitrine

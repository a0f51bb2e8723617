// Any bytes as a text: refused, or encoded so that decoding gives it back.
#include <cstdint>
#include <cstdlib>

#include "io/assets.h"
#include "tensor/error.h"
#include "text/grapheme.h"
#include "text/tokenizer.h"
#include "text/utf8.h"
#include "text/utf8_stream.h"

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

/// A token at a time or a byte at a time, the same text comes out of a stream.
void stream_bytes(std::string_view bytes) {
    vitrine::Utf8Stream stream;
    std::string text;
    for (const char byte : bytes) text += stream.push({&byte, 1});
    require(text + stream.finish() == vitrine::repair_utf8(bytes));
}

void walk_graphemes(std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t end = vitrine::next_grapheme(bytes, at);
        require(end > at && end <= bytes.size());
        at = end;
    }
    require(vitrine::previous_grapheme(bytes, bytes.size()) <= bytes.size());
}

void encode(const vitrine::Tokenizer& tokenizer, std::string_view text) {
    const vitrine::Encoding encoding = tokenizer.encode(text);
    require(tokenizer.decode(encoding.ids, true) == text);
    vitrine::Index covered = 0;
    for (const auto& [begin, end] : encoding.offsets) {
        require((begin == covered || begin == covered - 1) && begin < end);
        covered = end;
    }
    require(covered == vitrine::count_characters(text));
    std::vector<std::string> replayed, pieces;
    for (const auto& steps : tokenizer.merge_steps(text)) {
        replayed.insert(replayed.end(), steps.back().pieces.begin(), steps.back().pieces.end());
    }
    for (const int id : encoding.ids) pieces.push_back(tokenizer.bytes(id));
    require(replayed == pieces);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto tokenizer = vitrine::Tokenizer::load(vitrine::bundled_model_folder());
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    stream_bytes(text);
    walk_graphemes(text);
    try {
        encode(tokenizer, text);
        require(vitrine::first_invalid_byte(text) == std::string_view::npos);
    } catch (const vitrine::TextError&) {
        require(vitrine::first_invalid_byte(text) != std::string_view::npos);
    }
    return 0;
}

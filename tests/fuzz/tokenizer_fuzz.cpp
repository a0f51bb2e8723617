// Any bytes as a tokenizer.json: refused, or a tokenizer that keeps its promises.
#include <cstdint>
#include <cstdlib>

#include "tensor/error.h"
#include "text/tokenizer.h"
#include "text/utf8.h"

namespace {

constexpr std::string_view text = "a  b's <|endoftext|> <s> 한글 ab aab\u3000\u00e9 aaaa<s>\n";

void require(bool holds) {
    if (!holds) std::abort();
}

void use(const vitrine::Tokenizer& tokenizer) {
    const vitrine::Encoding encoding = tokenizer.encode(text);
    const std::size_t tokens = encoding.ids.size();
    require(encoding.tokens.size() == tokens && encoding.offsets.size() == tokens);
    const vitrine::Index characters = vitrine::count_characters(text);
    for (std::size_t i = 0; i < tokens; ++i) {
        const auto [begin, end] = encoding.offsets[i];
        require(0 <= begin && begin <= end && end <= characters);
        require(0 <= encoding.ids[i] && encoding.ids[i] < tokenizer.vocabulary());
    }
    require(tokenizer.encode(text).ids == encoding.ids);  // also with a cache that is filled
    require(tokenizer.encode_pair(text, "b").ids.size() >= tokens);
    std::vector<int> all;
    for (int id = 0; id < tokenizer.vocabulary(); ++id) {
        require(tokenizer.id(tokenizer.token(id)) == id);
        all.push_back(id);
    }
    for (const bool keep_special : {false, true}) {
        const std::string decoded = tokenizer.decode(all, keep_special);
        require(vitrine::first_invalid_byte(decoded) == std::string_view::npos);
    }
    for (const auto& steps : tokenizer.merge_steps(text)) require(!steps.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        use(vitrine::Tokenizer::parse({reinterpret_cast<const char*>(data), size}, "fuzz"));
    } catch (const vitrine::FileError&) {
    }
    return 0;
}

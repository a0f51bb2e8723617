// Any bytes as a model of the sentencepiece library: refused, or a tokenizer that encodes.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tensor/error.h"
#include "text/sentencepiece.h"
#include "text/tokenizer.h"
#include "text/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const auto root = vitrine::read_sentencepiece({reinterpret_cast<const char*>(data), size},
                                                      {true, true, 2}, "fuzz");
        const auto tokenizer = vitrine::Tokenizer::parse(root.dump(), "fuzz");
        const auto ids = tokenizer.encode("ab  ba \u1100\u1161 <s>c").ids;
        if (vitrine::first_invalid_byte(tokenizer.decode(ids)) != std::string_view::npos)
            std::abort();
    } catch (const vitrine::FileError&) {
    }
    return 0;
}

// Any bytes as a tokenizer.json; what loads must encode and decode.
#include <cstdint>
#include <cstdlib>

#include "tensor/error.h"
#include "text/tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const auto tokenizer =
            vitrine::Tokenizer::parse({reinterpret_cast<const char*>(data), size}, "fuzz");
        const vitrine::Encoding encoding = tokenizer.encode("a b <|endoftext|> 한글 aaaa");
        tokenizer.decode(encoding.ids, true);
        tokenizer.merge_steps("a b aaaa");
        if (encoding.ids.size() != encoding.offsets.size()) std::abort();
    } catch (const vitrine::Error&) {
    }
    return 0;
}

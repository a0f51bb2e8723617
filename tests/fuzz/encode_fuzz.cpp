// Any bytes as a text: refused, or encoded so that decoding gives it back.
#include <cstdint>
#include <cstdlib>

#include "io/assets.h"
#include "tensor/error.h"
#include "text/tokenizer.h"
#include "text/utf8_stream.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto tokenizer = vitrine::Tokenizer::load(vitrine::bundled_model_folder());
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    vitrine::Utf8Stream stream;
    stream.push(text);
    stream.finish();
    try {
        const vitrine::Encoding encoding = tokenizer.encode(text);
        if (tokenizer.decode(encoding.ids, true) != text) std::abort();
    } catch (const vitrine::TextError&) {
    }
    return 0;
}

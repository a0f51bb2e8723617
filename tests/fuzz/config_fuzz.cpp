// Any bytes as a config.json.
#include <cstdint>

#include "io/config.h"
#include "tensor/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const auto config =
            vitrine::ConfigFile::parse({reinterpret_cast<const char*>(data), size}, "fuzz");
        config.model_type();
        config.integer({"n_embd", "hidden_size"}, 1, 1 << 20, 1);
        config.number({"rope_parameters.rope_theta", "rope_theta"}, 1.0);
        config.boolean({"tie_word_embeddings"}, true);
    } catch (const vitrine::Error&) {
    }
    return 0;
}

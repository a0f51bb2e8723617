// Any bytes as a safetensors file: an error or a header that holds, never a crash.
#include <cstdint>
#include <cstdlib>

#include "io/safetensors_header.h"
#include "tensor/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span<const std::byte> file(reinterpret_cast<const std::byte*>(data), size);
    try {
        for (const auto& [name, tensor] : vitrine::read_safetensors_header(file, "fuzz").tensors) {
            if (tensor.begin > tensor.end || tensor.end > size) std::abort();
        }
    } catch (const vitrine::Error&) {
    }
    return 0;
}

#include "hub/checksum.h"

#include <openssl/evp.h>

#include <fstream>
#include <memory>
#include <vector>

#include "tensor/error.h"

namespace vitrine::hub {

namespace {

std::string digest(const EVP_MD* kind, const std::string& prefix, const std::filesystem::path& path,
                   const std::stop_token& stop) {
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                     EVP_MD_CTX_free);
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    bool good = EVP_DigestInit_ex(context.get(), kind, nullptr) == 1 &&
                EVP_DigestUpdate(context.get(), prefix.data(), prefix.size()) == 1;
    std::ifstream file(path, std::ios::binary);
    std::vector<char> buffer(1U << 20U);
    while (good && file) {
        if (stop.stop_requested()) throw Stopped();
        file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        const auto count = static_cast<std::size_t>(file.gcount());
        good = EVP_DigestUpdate(context.get(), buffer.data(), count) == 1;
    }
    good = good && file.eof() && EVP_DigestFinal_ex(context.get(), bytes, &size) == 1;
    if (!good) throw FileError(path.string(), "a readable file", "an error while reading");
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        text += "0123456789abcdef"[bytes[i] >> 4U];
        text += "0123456789abcdef"[bytes[i] & 15U];
    }
    return text;
}

}  // namespace

std::string sha256(const std::filesystem::path& file, const std::stop_token& stop) {
    return digest(EVP_sha256(), "", file, stop);
}

std::string git_sha1(const std::filesystem::path& file, const std::stop_token& stop) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error) throw FileError(file.string(), "a file", error.message());
    return digest(EVP_sha1(), "blob " + std::to_string(size) + '\0', file, stop);
}

}  // namespace vitrine::hub

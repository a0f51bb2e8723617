#include "train/token_file.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "io/safetensors.h"
#include "tensor/error.h"

namespace vitrine::train {

namespace {

static_assert(sizeof(int) == 4);

// The header is known only after the last token, so room for it is left at the beginning; a
// safetensors header may end in spaces.
constexpr std::size_t header_bytes = 504;

/// `documents` must begin at a multiple of 8 bytes: an odd number of tokens is filled up.
std::size_t padding(std::size_t tokens) {
    return tokens % 2;
}

std::string header_text(std::size_t tokens, std::size_t begins, Index bytes) {
    const std::size_t end = 4 * tokens, filled = end + 4 * padding(tokens);
    nlohmann::json header = {
        {"__metadata__", {{"bytes", std::to_string(bytes)}}},
        {"tokens", {{"dtype", "I32"}, {"shape", {tokens}}, {"data_offsets", {0, end}}}},
        {"padding",
         {{"dtype", "I32"}, {"shape", {padding(tokens)}}, {"data_offsets", {end, filled}}}},
        {"documents",
         {{"dtype", "I64"}, {"shape", {begins}}, {"data_offsets", {filled, filled + 8 * begins}}}}};
    std::string text = header.dump();
    text.resize(header_bytes, ' ');
    const std::uint64_t length = header_bytes;
    return std::string(reinterpret_cast<const char*>(&length), 8) + text;
}

}  // namespace

TokenFile TokenFile::open(const std::filesystem::path& path) {
    const TensorFile file = TensorFile::open(path);
    const StoredTensor& tokens = file.at("tokens");
    const bool fits = tokens.dtype == DType::int32 && tokens.shape.size() == 1 &&
                      reinterpret_cast<std::uintptr_t>(tokens.data) % 4 == 0;
    if (!fits) throw FileError(path.string(), "tokens [N] of int32", "something else");
    TokenFile result;
    result.tokens_ = {static_cast<const std::int32_t*>(tokens.data),
                      static_cast<std::size_t>(tokens.size())};
    result.keep_alive_ = tokens.keep_alive;
    result.begins_ = file.at("documents").integers();
    const auto& begins = result.begins_;
    if (begins.empty() || begins.front() != 0 || begins.back() != result.tokens() ||
        !std::is_sorted(begins.begin(), begins.end())) {
        throw FileError(path.string(), "documents that ascend from 0 to the number of tokens",
                        "others", "delete it: it is made again");
    }
    const auto bytes = file.metadata().find("bytes");
    if (bytes == file.metadata().end()) {
        throw FileError(path.string(), "\"bytes\" in the metadata", "none");
    }
    result.bytes_ = std::stoll(bytes->second);
    return result;
}

std::span<const std::int32_t> TokenFile::document(Index i) const {
    const auto begin = static_cast<std::size_t>(begins_[static_cast<std::size_t>(i)]);
    const auto end = static_cast<std::size_t>(begins_[static_cast<std::size_t>(i) + 1]);
    return tokens_.subspan(begin, end - begin);
}

TokenFileWriter::TokenFileWriter(const std::filesystem::path& path) : file_(path) {
    file_.write(header_text(0, 0, 0));
}

void TokenFileWriter::add(std::span<const int> ids, std::size_t bytes) {
    file_.write(std::as_bytes(ids));
    begins_.push_back(begins_.back() + static_cast<std::int64_t>(ids.size()));
    bytes_ += static_cast<Index>(bytes);
}

void TokenFileWriter::commit() {
    const std::vector<std::int32_t> filling(padding(static_cast<std::size_t>(tokens())));
    file_.write(std::as_bytes(std::span(filling)));
    file_.write(std::as_bytes(std::span(begins_)));
    file_.overwrite(0, header_text(static_cast<std::size_t>(tokens()), begins_.size(), bytes_));
    file_.commit();
}

}  // namespace vitrine::train

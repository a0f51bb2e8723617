#include "text/decoder.h"

#include "text/json_fields.h"
#include "text/utf8.h"

namespace vitrine {

std::string SpaceDecoder::run(const Vocabulary& vocabulary, std::span<const int> ids) const {
    std::string text;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (i > 0) text += ' ';
        text += vocabulary.token(ids[i]);
    }
    return text;
}

std::string ByteLevelDecoder::run(const Vocabulary& vocabulary, std::span<const int> ids) const {
    std::string bytes;
    for (const int id : ids) bytes += vocabulary.bytes(id);
    return repair_utf8(bytes);
}

Decoder read_decoder(const nlohmann::json& root, const std::string& where) {
    const std::string type = step_type(root, "decoder", where);
    if (type.empty()) return SpaceDecoder{};
    if (type != "ByteLevel") refuse_type(where, "decoder", "null or type ByteLevel", type);
    return ByteLevelDecoder{};
}

std::string decode(const Decoder& decoder, const Vocabulary& vocabulary, std::span<const int> ids) {
    return std::visit([&](const auto& kind) { return kind.run(vocabulary, ids); }, decoder);
}

}  // namespace vitrine

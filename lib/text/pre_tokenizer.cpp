#include "text/pre_tokenizer.h"

#include "text/byte_level_pattern.h"
#include "text/json_fields.h"

namespace vitrine {

void ByteLevelPreTokenizer::run(AlignedText& text, std::vector<ByteRange>& pieces) const {
    if (add_prefix_space && !text.bytes().empty() && text.bytes().front() != ' ') text.prepend(" ");
    const std::string_view bytes = text.bytes();
    for (std::size_t begin = 0; begin < bytes.size();) {
        const std::size_t end = use_regex ? byte_level_match_end(bytes, begin) : bytes.size();
        pieces.push_back({begin, end});
        begin = end;
    }
}

PreTokenizer read_pre_tokenizer(const nlohmann::json& root, const std::string& where) {
    const std::string type = step_type(root, "pre_tokenizer", where);
    if (type.empty()) return NoPreTokenizer{};
    if (type != "ByteLevel") refuse_type(where, "pre_tokenizer", "null or type ByteLevel", type);
    const nlohmann::json& options = root["pre_tokenizer"];
    const std::string place = where + ", \"pre_tokenizer\"";
    return ByteLevelPreTokenizer{read_flag(options, "add_prefix_space", true, place),
                                 read_flag(options, "use_regex", true, place)};
}

void pre_tokenize(const PreTokenizer& pre_tokenizer, AlignedText& text,
                  std::vector<ByteRange>& pieces) {
    pieces.clear();
    std::visit([&](const auto& kind) { kind.run(text, pieces); }, pre_tokenizer);
}

}  // namespace vitrine

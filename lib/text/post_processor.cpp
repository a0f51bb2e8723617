#include "text/post_processor.h"

#include <algorithm>

#include "text/character_class.h"
#include "text/json_fields.h"
#include "text/utf8.h"

namespace vitrine {

namespace {

/// White space at the start and at the end of a token, in characters.
struct Blanks {
    Index leading = 0, trailing = 0;
};

Blanks blanks_of(std::string_view token) {
    Blanks blanks;
    bool only_blanks = true;
    for (std::size_t at = 0; at < token.size();) {
        const CodePoint point = read_code_point(token, at);
        at += static_cast<std::size_t>(std::max(1, point.bytes));
        const bool is_blank = point.value == U'Ġ' || is_space(point.value);
        only_blanks = only_blanks && is_blank;
        blanks.leading += only_blanks ? 1 : 0;
        blanks.trailing = is_blank ? blanks.trailing + 1 : 0;
    }
    return blanks;
}

void append(Encoding& all, const Encoding& more) {
    all.ids.insert(all.ids.end(), more.ids.begin(), more.ids.end());
    all.tokens.insert(all.tokens.end(), more.tokens.begin(), more.tokens.end());
    all.offsets.insert(all.offsets.end(), more.offsets.begin(), more.offsets.end());
    all.type_ids.insert(all.type_ids.end(), more.type_ids.begin(), more.type_ids.end());
}

}  // namespace

void ByteLevelPostProcessor::run(Encoding& encoding) const {
    if (!trim_offsets) return;
    for (std::size_t i = 0; i < encoding.ids.size(); ++i) {
        Blanks blanks = blanks_of(encoding.tokens[i]);
        auto& [begin, end] = encoding.offsets[i];
        const bool is_first = i == 0 || begin == 0;
        // More than one space at the start: they were in the text, and none was added.
        if (is_first && add_prefix_space && blanks.leading == 1) blanks.leading = 0;
        begin = std::min(begin + blanks.leading, end);
        if (blanks.trailing > 0 && end >= blanks.trailing) {
            end = std::max(end - blanks.trailing, begin);
        }
    }
}

PostProcessor read_post_processor(const nlohmann::json& root, const std::string& where) {
    const std::string type = step_type(root, "post_processor", where);
    if (type.empty()) return NoPostProcessor{};
    if (type != "ByteLevel") refuse_type(where, "post_processor", "null or type ByteLevel", type);
    const nlohmann::json& options = root["post_processor"];
    const std::string place = where + ", \"post_processor\"";
    return ByteLevelPostProcessor{read_flag(options, "trim_offsets", true, place),
                                  read_flag(options, "add_prefix_space", true, place)};
}

Encoding post_process(const PostProcessor& post_processor, Encoding first,
                      std::optional<Encoding> second, bool) {
    const auto run = [&](Encoding& encoding) {
        std::visit([&](const auto& kind) { kind.run(encoding); }, post_processor);
    };
    run(first);
    if (second) {
        run(*second);
        std::fill(second->type_ids.begin(), second->type_ids.end(), 1);
        append(first, *second);
    }
    return first;
}

}  // namespace vitrine

#include "text/post_processor.h"

#include <algorithm>

#include "text/character_class.h"
#include "text/json_fields.h"
#include "text/utf8.h"

namespace vitrine {

using nlohmann::json;

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

void ByteLevelPostProcessor::trim(Encoding& encoding) const {
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

Encoding NoPostProcessor::run(Encoding first, std::optional<Encoding> second, bool) const {
    if (second) {
        std::fill(second->type_ids.begin(), second->type_ids.end(), 1);
        append(first, *second);
    }
    return first;
}

Encoding ByteLevelPostProcessor::run(Encoding first, std::optional<Encoding> second,
                                     bool add_special) const {
    trim(first);
    if (second) trim(*second);
    return NoPostProcessor().run(std::move(first), std::move(second), add_special);
}

Encoding TemplatePostProcessor::run(Encoding first, std::optional<Encoding> second,
                                    bool add_special) const {
    Encoding result;
    for (const Part& part : second ? pair : single) {
        if (part.sequence >= 0) {
            Encoding& text = part.sequence == 0 ? first : *second;
            std::fill(text.type_ids.begin(), text.type_ids.end(), part.type_id);
            append(result, text);
        } else if (add_special) {
            result.ids.insert(result.ids.end(), part.ids.begin(), part.ids.end());
            result.tokens.insert(result.tokens.end(), part.tokens.begin(), part.tokens.end());
            result.offsets.insert(result.offsets.end(), part.ids.size(), {0, 0});
            result.type_ids.insert(result.type_ids.end(), part.ids.size(), part.type_id);
        }
    }
    return result;
}

namespace {

int read_type_id(const json& value, const std::string& where) {
    const json* found = find_member(value, "type_id");
    if (found == nullptr) return 0;
    if (!found->is_number_unsigned() || *found > 1000)
        throw FileError(where + ", \"type_id\"", "a small number", shown(*found));
    return found->get<int>();
}

/// The ids and tokens that a template's special token stands for.
void read_special(const json& root, const std::string& name, const std::string& where,
                  TemplatePostProcessor::Part& part) {
    const json& all = require_member(root, "special_tokens", json::value_t::object, where);
    const json& token = require_member(all, name.c_str(), json::value_t::object, where);
    try {
        part.ids = token.at("ids").get<std::vector<int>>();
        part.tokens = token.at("tokens").get<std::vector<std::string>>();
    } catch (const json::exception&) {
        part.ids.clear();
    }
    if (part.ids.empty() || part.ids.size() != part.tokens.size()) {
        throw FileError(where + ", special token " + shown(json(name)),
                        "\"ids\" and \"tokens\", as many of each", shown(token));
    }
}

std::vector<TemplatePostProcessor::Part> read_template(const json& root, const char* key,
                                                       int sequences, const std::string& where) {
    std::vector<TemplatePostProcessor::Part> parts;
    const std::string place = where + ", \"" + key + "\"";
    int seen = 0;
    for (const json& piece : require_member(root, key, json::value_t::array, where)) {
        TemplatePostProcessor::Part part;
        if (const json* text = find_member(piece, "Sequence")) {
            const std::string id = read_text(*text, "id", "", place);
            if (id != "A" && id != "B") throw FileError(place, "sequence A or B", shown(json(id)));
            part.sequence = id == "A" ? 0 : 1;
            part.type_id = read_type_id(*text, place);
            ++seen;
        } else if (const json* special = find_member(piece, "SpecialToken")) {
            read_special(root, read_text(*special, "id", "", place), where, part);
            part.type_id = read_type_id(*special, place);
        } else {
            throw FileError(place, "a Sequence or a SpecialToken", shown(piece));
        }
        if (part.sequence >= sequences) throw FileError(place, "one sequence, A", "B");
        parts.push_back(std::move(part));
    }
    if (seen != sequences) {
        throw FileError(place, "each sequence once", std::to_string(seen) + " sequences");
    }
    return parts;
}

}  // namespace

PostProcessor read_post_processor(const json& root, const std::string& where) {
    const std::string type = step_type(root, "post_processor", where);
    if (type.empty()) return NoPostProcessor{};
    const json& options = root["post_processor"];
    const std::string place = where + ", \"post_processor\"";
    if (type == "ByteLevel") {
        return ByteLevelPostProcessor{read_flag(options, "trim_offsets", true, place),
                                      read_flag(options, "add_prefix_space", true, place)};
    }
    if (type == "TemplateProcessing") {
        return TemplatePostProcessor{read_template(options, "single", 1, place),
                                     read_template(options, "pair", 2, place)};
    }
    refuse_type(where, "post_processor", "null, ByteLevel or TemplateProcessing", type);
}

Encoding post_process(const PostProcessor& post_processor, Encoding first,
                      std::optional<Encoding> second, bool add_special) {
    return std::visit(
        [&](const auto& kind) {
            return kind.run(std::move(first), std::move(second), add_special);
        },
        post_processor);
}

}  // namespace vitrine

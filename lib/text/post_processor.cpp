#include "text/post_processor.h"

#include <algorithm>
#include <nlohmann/json.hpp>

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
    before.trim(first);
    if (second) before.trim(*second);
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

/// ["[SEP]", 102]. @throws FileError
TemplatePostProcessor::Part read_named_token(const json& options, const char* key,
                                             const std::string& where) {
    const json& token = require_member(options, key, json::value_t::array, where);
    if (token.size() != 2 || !token[0].is_string() || !token[1].is_number_unsigned() ||
        token[1] > INT32_MAX) {
        throw FileError(where + ", \"" + key + "\"", "a token and its id", shown(token));
    }
    TemplatePostProcessor::Part part;
    part.ids = {token[1].get<int>()};
    part.tokens = {token[0].get<std::string>()};
    return part;
}

/// [CLS] A [SEP], and for two texts B [SEP] after it, with `separators` between them.
TemplatePostProcessor fixed_template(const json& options, int separators, int second_type,
                                     const std::string& where) {
    using Part = TemplatePostProcessor::Part;
    TemplatePostProcessor result;
    const Part start = read_named_token(options, "cls", where);
    Part end = read_named_token(options, "sep", where);
    Part text;
    text.sequence = 0;
    result.single = {start, text, end};
    result.pair = {start, text};
    result.pair.insert(result.pair.end(), static_cast<std::size_t>(separators), end);
    text.sequence = 1;
    text.type_id = end.type_id = second_type;
    result.pair.insert(result.pair.end(), {text, end});
    return result;
}

PostProcessor read_one(const json& options, const std::string& type, const std::string& where);

/// The steps that files have: trimming, then a template.
PostProcessor read_sequence(const json& options, const std::string& where) {
    const std::string place = where + ", \"post_processor\"";
    PostProcessor result = NoPostProcessor{};
    std::optional<ByteLevelPostProcessor> trims;
    for (const json& step : require_member(options, "processors", json::value_t::array, place)) {
        if (!step.is_object()) throw FileError(place, "steps that are objects", shown(step));
        PostProcessor read = read_one(step, read_text(step, "type", "", place), where);
        const auto* byte_level = std::get_if<ByteLevelPostProcessor>(&read);
        if (!std::holds_alternative<NoPostProcessor>(result)) {
            throw FileError(place, "a Sequence of ByteLevel, then one other", shown(options));
        }
        if (byte_level != nullptr && !trims) {
            trims = *byte_level;
        } else {
            result = std::move(read);
        }
    }
    if (!trims) return result;
    if (std::holds_alternative<NoPostProcessor>(result)) return *trims;
    if (auto* with_tokens = std::get_if<TemplatePostProcessor>(&result))
        with_tokens->before = *trims;
    return result;
}

ByteLevelPostProcessor read_byte_level(const json& options, const std::string& place) {
    return {read_flag(options, "trim_offsets", true, place),
            read_flag(options, "add_prefix_space", true, place)};
}

PostProcessor read_one(const json& options, const std::string& type, const std::string& where) {
    const std::string place = where + ", \"post_processor\"";
    if (type == "ByteLevel") return read_byte_level(options, place);
    if (type == "TemplateProcessing") {
        TemplatePostProcessor result;
        result.single = read_template(options, "single", 1, place);
        result.pair = read_template(options, "pair", 2, place);
        return result;
    }
    if (type == "BertProcessing") return fixed_template(options, 1, 1, place);
    if (type == "RobertaProcessing") {
        TemplatePostProcessor result = fixed_template(options, 2, 0, place);
        result.before = read_byte_level(options, place);
        return result;
    }
    if (type == "Sequence") return read_sequence(options, where);
    refuse_type(
        where, "post_processor",
        "null, ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing or Sequence", type);
}

}  // namespace

PostProcessor read_post_processor(const json& root, const std::string& where) {
    const std::string type = step_type(root, "post_processor", where);
    if (type.empty()) return NoPostProcessor{};
    return read_one(root["post_processor"], type, where);
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

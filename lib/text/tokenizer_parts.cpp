#include "text/tokenizer_parts.h"

#include <algorithm>
#include <sstream>

#include "tensor/error.h"
#include "text/byte_alphabet.h"
#include "text/utf8.h"

namespace vitrine {

namespace {

using nlohmann::json;

constexpr int largest_id = (1 << 24) - 1;

std::string shown(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 60);
}

/// A member of the wanted type, or the fallback if it is missing or null.
template <class T>
T member(const json& object, const char* key, T fallback, const std::string& where) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return fallback;
    try {
        return found->get<T>();
    } catch (const json::exception&) {
        throw FileError(where + ", \"" + key + "\"", "another type of value", shown(*found));
    }
}

const json& required(const json& object, const char* key, json::value_t type,
                     const std::string& where) {
    const auto found = object.find(key);
    if (found == object.end() || found->type() != type) {
        throw FileError(where + ", \"" + key + "\"", json(type).type_name(),
                        found == object.end() ? "none" : shown(*found));
    }
    return *found;
}

/// The type of a pipeline step; "" for null.
std::string step_type(const json& root, const char* step, const std::string& where) {
    const auto found = root.find(step);
    if (found == root.end() || found->is_null()) return "";
    if (!found->is_object())
        throw FileError(where + ", \"" + step + "\"", "an object", shown(*found));
    return member<std::string>(*found, "type", "", where + ", \"" + step + "\"");
}

[[noreturn]] void refuse(const std::string& where, const char* step, const std::string& known,
                         const std::string& type) {
    throw FileError(where + ", \"" + step + "\"", "type " + known, "\"" + type + "\"",
                    "this kind of tokenizer is not supported");
}

int id_of(const json& value, const std::string& where) {
    if (!value.is_number_integer() || value < 0 || value > largest_id) {
        throw FileError(where, "an id from 0 to " + std::to_string(largest_id), shown(value));
    }
    return value.get<int>();
}

void insert_token(Vocabulary& vocabulary, const std::string& token, int id, bool is_added,
                  const std::string& where) {
    const auto at = static_cast<std::size_t>(id);
    if (at >= vocabulary.tokens.size()) {
        vocabulary.tokens.resize(at + 1);
        vocabulary.bytes.resize(at + 1);
        vocabulary.special.resize(at + 1, false);
    }
    if (!vocabulary.tokens[at].empty() && vocabulary.tokens[at] != token) {
        throw FileError(where, "one token for id " + std::to_string(id),
                        "\"" + vocabulary.tokens[at] + "\" and \"" + token + "\"");
    }
    const auto [entry, is_new] = vocabulary.ids.emplace(token, id);
    if (!is_new && entry->second != id) {
        throw FileError(where, "one id for \"" + token + "\"",
                        std::to_string(entry->second) + " and " + std::to_string(id));
    }
    vocabulary.tokens[at] = token;
    vocabulary.bytes[at] = is_added ? token : bytes_of_token(token).value_or(token);
}

void read_vocabulary(const json& vocab, Vocabulary& vocabulary, const std::string& where) {
    for (const auto& [token, id] : vocab.items()) {
        insert_token(vocabulary, token, id_of(id, where + ", token \"" + token + "\""), false,
                     where);
    }
}

/// One rule, as "a b" or as ["a", "b"].
std::pair<std::string, std::string> read_pair(const json& rule, const std::string& where) {
    if (rule.is_array() && rule.size() == 2 && rule[0].is_string() && rule[1].is_string()) {
        return {rule[0].get<std::string>(), rule[1].get<std::string>()};
    }
    if (rule.is_string()) {
        const auto text = rule.get<std::string>();
        const std::size_t space = text.find(' ');
        if (space != std::string::npos && space > 0 && space + 1 < text.size() &&
            text.find(' ', space + 1) == std::string::npos) {
            return {text.substr(0, space), text.substr(space + 1)};
        }
    }
    throw FileError(where, "two pieces: \"a b\" or [\"a\", \"b\"]", shown(rule));
}

void read_merges(const json& rules, TokenizerParts& parts, const std::string& where) {
    std::vector<Merge> merges;
    const auto& ids = parts.vocabulary.ids;
    for (const json& rule : rules) {
        const std::string place = where + ", merge " + std::to_string(merges.size());
        const auto [left, right] = read_pair(rule, place);
        const auto a = ids.find(left);
        const auto b = ids.find(right);
        const auto joined = ids.find(left + right);
        if (a == ids.end() || b == ids.end() || joined == ids.end()) {
            const std::string& missing = a == ids.end()   ? left
                                         : b == ids.end() ? right
                                                          : left + right;
            throw FileError(place, "pieces of the vocabulary", "\"" + missing + "\", which is not");
        }
        merges.push_back({a->second, b->second, joined->second});
    }
    parts.merges = std::make_unique<const MergeTable>(merges);
}

void read_added_tokens(const json& list, TokenizerParts& parts, const std::string& where) {
    std::vector<AddedToken> tokens;
    for (const json& entry : list) {
        const std::string place = where + ", added token " + std::to_string(tokens.size());
        if (!entry.is_object()) throw FileError(place, "an object", shown(entry));
        AddedToken token;
        token.id = id_of(entry.value("id", json()), place);
        token.content = member<std::string>(entry, "content", "", place);
        if (token.content.empty()) throw FileError(place, "a \"content\"", "none");
        token.special = member(entry, "special", false, place);
        token.single_word = member(entry, "single_word", false, place);
        token.lstrip = member(entry, "lstrip", false, place);
        token.rstrip = member(entry, "rstrip", false, place);
        insert_token(parts.vocabulary, token.content, token.id, true, place);
        parts.vocabulary.special[static_cast<std::size_t>(token.id)] = token.special;
        tokens.push_back(std::move(token));
    }
    parts.added = AddedTokens(std::move(tokens));
}

void find_byte_tokens(TokenizerParts& parts) {
    for (unsigned b = 0; b < 256; ++b) {
        std::string character;
        append_code_point(character, byte_character(static_cast<unsigned char>(b)));
        const auto found = parts.vocabulary.ids.find(character);
        parts.byte_ids[b] = found == parts.vocabulary.ids.end() ? -1 : found->second;
    }
}

void read_model(const json& model, TokenizerParts& parts, const std::string& where) {
    const auto type = member<std::string>(model, "type", "BPE", where);
    if (type != "BPE") refuse(where, "type", "BPE", type);
    for (const char* option : {"unk_token", "continuing_subword_prefix", "end_of_word_suffix"}) {
        if (!member<std::string>(model, option, "", where).empty()) {
            throw FileError(where + ", \"" + option + "\"", "null", shown(model[option]),
                            "byte-level BPE needs none");
        }
    }
    if (member(model, "byte_fallback", false, where)) {
        throw FileError(where + ", \"byte_fallback\"", "false", "true",
                        "byte-level BPE needs none");
    }
    if (member(model, "dropout", 0.0, where) != 0.0) {
        throw FileError(where + ", \"dropout\"", "null", shown(model["dropout"]),
                        "merges are never dropped when encoding");
    }
    parts.ignore_merges = member(model, "ignore_merges", false, where);
    read_vocabulary(required(model, "vocab", json::value_t::object, where), parts.vocabulary,
                    where);
    read_merges(required(model, "merges", json::value_t::array, where), parts, where);
}

}  // namespace

TokenizerParts read_tokenizer(const json& root, const std::string& where) {
    if (!root.is_object()) throw FileError(where, "a JSON object", root.type_name());
    TokenizerParts parts;
    if (const auto type = step_type(root, "normalizer", where); !type.empty()) {
        refuse(where, "normalizer", "null", type);
    }
    const auto pre = step_type(root, "pre_tokenizer", where);
    if (pre != "ByteLevel") refuse(where, "pre_tokenizer", "ByteLevel", pre);
    const auto decoder = step_type(root, "decoder", where);
    if (decoder != "ByteLevel") refuse(where, "decoder", "ByteLevel", decoder);
    parts.pre_tokenizer.add_prefix_space =
        member(root["pre_tokenizer"], "add_prefix_space", true, where);
    parts.pre_tokenizer.use_regex = member(root["pre_tokenizer"], "use_regex", true, where);
    const auto post = step_type(root, "post_processor", where);
    if (post == "ByteLevel") {
        parts.offsets.trim = member(root["post_processor"], "trim_offsets", true, where);
        parts.offsets.add_prefix_space =
            member(root["post_processor"], "add_prefix_space", true, where);
    } else if (!post.empty()) {
        refuse(where, "post_processor", "ByteLevel", post);
    }
    read_model(required(root, "model", json::value_t::object, where), parts, where + ", \"model\"");
    if (root.contains("added_tokens") && !root["added_tokens"].is_null()) {
        read_added_tokens(required(root, "added_tokens", json::value_t::array, where), parts,
                          where);
    }
    find_byte_tokens(parts);
    return parts;
}

TokenizerParts read_gpt2_tokenizer(const json& vocabulary, const std::string& merges,
                                   const std::string& where) {
    if (!vocabulary.is_object()) throw FileError(where, "a JSON object", vocabulary.type_name());
    TokenizerParts parts;
    read_vocabulary(vocabulary, parts.vocabulary, where);
    json rules = json::array();
    std::istringstream lines(merges);
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (!line.empty() && line.rfind("#version", 0) != 0) rules.push_back(line);
    }
    read_merges(rules, parts, where);
    const auto end = parts.vocabulary.ids.find("<|endoftext|>");
    const int id = end != parts.vocabulary.ids.end()
                       ? end->second
                       : static_cast<int>(parts.vocabulary.tokens.size());
    read_added_tokens(json::array({{{"id", id}, {"content", "<|endoftext|>"}, {"special", true}}}),
                      parts, where);
    find_byte_tokens(parts);
    return parts;
}

}  // namespace vitrine

#include "text/pipeline.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "text/json_fields.h"

namespace vitrine {

namespace {

using nlohmann::json;

/// True if a step, or one of the steps inside it, is of type ByteLevel.
bool names_byte_level(const json* step) {
    if (step == nullptr || !step->is_structured()) return false;
    if (step->is_object() && step->value("type", json()) == "ByteLevel") return true;
    return std::any_of(step->begin(), step->end(),
                       [](const json& part) { return names_byte_level(&part); });
}

/// Room for the tokens of the model and the added tokens that it doesn't have. As many ids as
/// tokens: a file can't make us keep room for ids that it doesn't fill.
Vocabulary make_vocabulary(const json& root, const std::vector<AddedToken>& added,
                           const std::string& where) {
    const json& model = require_member(root, "model", json::value_t::object, where);
    const json* tokens = find_member(model, "vocab");
    if (tokens == nullptr || !tokens->is_structured()) {
        throw FileError(where + ", \"model\", \"vocab\"", "the tokens",
                        tokens == nullptr ? "none" : shown(*tokens));
    }
    std::set<std::string_view> listed;  // Unigram's, a list of [token, score]
    if (tokens->is_array()) {
        for (const json& entry : *tokens) {
            if (entry.is_array() && !entry.empty() && entry[0].is_string())
                listed.insert(entry[0].get_ref<const std::string&>());
        }
    }
    const auto is_in_model = [&](const std::string& token) {
        return tokens->is_object() ? tokens->contains(token) : listed.contains(token);
    };
    std::size_t count = tokens->size();
    std::set<std::string_view> seen;
    for (const AddedToken& token : added) {
        if (!seen.insert(token.content).second) {
            throw FileError(where + ", \"added_tokens\"", "every token once",
                            shown(json(token.content)) + " twice");
        }
        if (!is_in_model(token.content)) ++count;
    }
    if (count == 0) throw FileError(where, "a vocabulary", "no tokens");
    const bool byte_alphabet = names_byte_level(find_member(root, "pre_tokenizer")) ||
                               names_byte_level(find_member(root, "decoder"));
    return Vocabulary(static_cast<Index>(count), byte_alphabet);
}

AddedTokenFinder finder(const std::vector<AddedToken>& tokens, bool normalized) {
    std::vector<AddedToken> chosen;
    for (const AddedToken& token : tokens) {
        if (token.normalized == normalized) chosen.push_back(token);
    }
    return AddedTokenFinder(std::move(chosen));
}

}  // namespace

Pipeline read_pipeline(const json& root, const std::string& where) {
    if (!root.is_object()) throw FileError(where, "a JSON object", shown(root));
    for (const char* step : {"truncation", "padding"}) {
        if (const json* found = find_member(root, step)) {
            throw FileError(where + ", \"" + step + "\"", "null", shown(*found),
                            "Vitrine encodes whole texts: set it to null");
        }
    }
    std::vector<AddedToken> added;
    if (const json* list = find_member(root, "added_tokens")) {
        added = read_added_tokens(*list, where + ", \"added_tokens\"");
    }
    Pipeline pipeline;
    pipeline.normalizer = read_normalizer(root, where);
    pipeline.pre_tokenizer = read_pre_tokenizer(root, where);
    pipeline.post_processor = read_post_processor(root, where);
    pipeline.decoder = read_decoder(root, where);
    pipeline.vocabulary = make_vocabulary(root, added, where);
    pipeline.model = read_token_model(root, pipeline.vocabulary, where);
    for (const AddedToken& token : added) {
        pipeline.vocabulary.insert(token.content, token.id, where + ", \"added_tokens\"");
        if (token.special) pipeline.vocabulary.set_special(token.id);
    }
    pipeline.vocabulary.check_complete(where);
    if (!pipeline.vocabulary.byte_alphabet() || pipeline.decoder.steps.size() > 1) {
        for (int id = 0; id < pipeline.vocabulary.size(); ++id) {
            const std::string& token = pipeline.vocabulary.token(id);
            pipeline.vocabulary.set_bytes(id, bytes_of(pipeline.decoder, token));
        }
    }
    pipeline.added = finder(added, false);
    pipeline.added_normalized = finder(added, true);
    return pipeline;
}

Pipeline read_gpt2_pipeline(const json& vocabulary, std::string_view merges,
                            const std::string& where) {
    if (!vocabulary.is_object()) {
        throw FileError(where + ", vocab.json", "a JSON object", shown(vocabulary));
    }
    json rules = json::array();
    while (!merges.empty()) {
        const std::size_t end = merges.find('\n');
        std::string_view line = merges.substr(0, end);
        merges.remove_prefix(end == std::string_view::npos ? merges.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!line.empty() && !line.starts_with("#version")) rules.push_back(line);
    }
    constexpr const char* end_of_text = "<|endoftext|>";
    const auto known = vocabulary.find(end_of_text);
    const json id = known == vocabulary.end() ? json(vocabulary.size()) : *known;
    const json root = {
        {"added_tokens",
         json::array(
             {{{"id", id}, {"content", end_of_text}, {"special", true}, {"normalized", false}}})},
        {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}}},
        {"decoder", {{"type", "ByteLevel"}}},
        {"model", {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", rules}}}};
    return read_pipeline(root, where);
}

Pipeline read_bert_pipeline(std::string_view vocabulary, bool lowercase, const std::string& where) {
    json tokens = json::object();
    for (std::size_t id = 0; !vocabulary.empty(); ++id) {
        const std::size_t end = vocabulary.find('\n');
        std::string_view line = vocabulary.substr(0, end);
        vocabulary.remove_prefix(end == std::string_view::npos ? vocabulary.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        tokens[std::string(line)] = id;
    }
    json added = json::array();
    for (const char* token : {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}) {
        if (tokens.contains(token)) {
            added.push_back({{"id", tokens[token]},
                             {"content", token},
                             {"special", true},
                             {"normalized", false}});
        }
    }
    for (const char* token : {"[CLS]", "[SEP]"}) {
        if (!tokens.contains(token))
            throw FileError(where + ", vocab.txt", std::string("a line ") + token, "none");
    }
    const json root = {{"added_tokens", added},
                       {"normalizer", {{"type", "BertNormalizer"}, {"lowercase", lowercase}}},
                       {"pre_tokenizer", {{"type", "BertPreTokenizer"}}},
                       {"post_processor",
                        {{"type", "BertProcessing"},
                         {"cls", json::array({"[CLS]", tokens["[CLS]"]})},
                         {"sep", json::array({"[SEP]", tokens["[SEP]"]})}}},
                       {"decoder", {{"type", "WordPiece"}}},
                       {"model", {{"type", "WordPiece"}, {"vocab", tokens}}}};
    return read_pipeline(root, where);
}

}  // namespace vitrine

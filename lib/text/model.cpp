#include "text/model.h"

#include <nlohmann/json.hpp>

#include "text/json_fields.h"

namespace vitrine {

using nlohmann::json;

TokenModel read_token_model(const json& root, Vocabulary& vocabulary, const std::string& where) {
    const json& model = require_member(root, "model", json::value_t::object, where);
    const std::string place = where + ", \"model\"";
    // Files of 2020 and before don't name the type.
    const bool is_list = model.contains("vocab") && model["vocab"].is_array();
    const std::string type = read_text(model, "type",
                                       model.contains("merges") ? "BPE"
                                       : is_list                ? "Unigram"
                                                                : "WordPiece",
                                       place);
    if (type == "Unigram") return Unigram::read(model, vocabulary, place);
    if (type != "BPE" && type != "WordPiece")
        refuse_type(where, "model", "type BPE, WordPiece or Unigram", type);
    vocabulary.insert_all(require_member(model, "vocab", json::value_t::object, place), place);
    if (type == "WordPiece") return WordPiece::read(model, vocabulary, place);
    return Bpe::read(model, vocabulary, place);
}

}  // namespace vitrine

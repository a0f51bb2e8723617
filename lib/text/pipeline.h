// The steps of a tokenizer.json, in the order in which a text goes through them. Start here to see
// how a tokenizer works; each step has a file of its own.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "text/added_tokens.h"
#include "text/decoder.h"
#include "text/model.h"
#include "text/normalizer.h"
#include "text/post_processor.h"
#include "text/pre_tokenizer.h"
#include "text/vocabulary.h"

namespace vitrine {

struct Pipeline {
    AddedTokenFinder added;             // found in the text as it came
    Normalizer normalizer;              // changes what lies between them
    AddedTokenFinder added_normalized;  // found in the changed text
    PreTokenizer pre_tokenizer;         // cuts what lies between those into pieces
    TokenModel model;                   // turns each piece into tokens
    PostProcessor post_processor;       // finishes the list of tokens
    TextDecoder decoder;                // turns tokens back into text
    Vocabulary vocabulary;
};

/// @param root   a tokenizer.json
/// @param where  names it in errors
/// @throws FileError  for what is missing or contradictory, and naming any step that Vitrine does
///                    not know yet
Pipeline read_pipeline(const nlohmann::json& root, const std::string& where);

/// GPT-2's own two files, without a tokenizer.json; <|endoftext|> is special.
/// @param vocabulary  vocab.json
/// @param merges      merges.txt: a rule a line
Pipeline read_gpt2_pipeline(const nlohmann::json& vocabulary, std::string_view merges,
                            const std::string& where);

/// BERT's vocab.txt, a token a line, without a tokenizer.json.
/// @param lowercase  "do_lower_case" of tokenizer_config.json: accents go too
Pipeline read_bert_pipeline(std::string_view vocabulary, bool lowercase, const std::string& where);

}  // namespace vitrine

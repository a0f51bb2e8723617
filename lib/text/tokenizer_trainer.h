// From texts to a tokenizer.json: start here to see how a tokenizer is trained. Documents are cut
// into words and counted (word_counts.h), a trainer chooses the tokens (bpe_trainer.h,
// unigram_trainer.h).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/word_counts.h"

namespace vitrine {

struct TokenizerTrainerOptions {
    std::string model = "bpe";         // of trainable_models()
    Index vocabulary = 8000;           // tokens in all
    std::vector<std::string> special;  // beside required_special(); bpe without any: <|endoftext|>
    std::int64_t min_count = 1;        // bpe, wordpiece: of a pair that is joined
    Index alphabet_limit = 0;          // wordpiece: characters that are tokens; 0: all
    bool lowercase = false;            // wordpiece: small letters without accents, as BERT uncased
    double coverage = 0.9995;          // unigram: share of the text whose characters are tokens
};

/// The kinds of tokenizers that can be trained: "bpe" is GPT-2's byte-level byte pair encoding,
/// "wordpiece" BERT's, "unigram" T5's.
std::vector<std::string> trainable_models();

/// The special tokens that a kind can't do without; they get the first ids.
std::vector<std::string> required_special(const std::string& model);

struct TrainedTokenizer {
    std::string tokenizer_json;  // as Tokenizer::parse() and the tokenizers library read it
    std::string config_json;     // tokenizer_config.json: the special tokens by what they are for
    Index vocabulary = 0;        // tokens in all
    Index words = 0;             // different words of the texts
    Index tokens = 0;            // that the texts become
};

class TokenizerTrainer {
   public:
    /// @throws ArgumentError  an unknown model, a special token that is empty or comes twice
    explicit TokenizerTrainer(TokenizerTrainerOptions options);
    ~TokenizerTrainer();

    /// Takes a document. Its text is not kept, only how often each word came.
    /// @throws TextError  invalid UTF-8, with the byte offset
    void add(std::string_view document);

    /// Trains on all documents so far. Ends the training.
    /// @throws TextError      if the documents have no words
    /// @throws ArgumentError  if the vocabulary has no room for the special tokens and the alphabet
    TrainedTokenizer train(const TrainerProgress& progress = {});

   private:
    TokenizerTrainerOptions options_;
    std::unique_ptr<WordCounter> counter_;
};

}  // namespace vitrine

// An encoder of texts: every position sees every other. BERT and RoBERTa are this with other
// weights; each family's file reads its own from a folder. What it makes of a text goes on into
// heads: the hidden word, the next sentence, a class.
// An Encoder never changes after loading and may be used by several threads at once.
#pragma once

#include <string>
#include <vector>

#include "models/language_model.h"
#include "models/stack.h"

namespace vitrine {

/// Scores every token of the vocabulary at every position: activation, norm, table, bias.
struct TokenHead {
    Linear dense;  // [C, C]
    Activate activation = Activate::gelu_exact;
    NormWeights norm;
    Matrix table;  // [V, C], mostly the token table itself
    Tensor1 bias;  // [V]

    bool none() const { return bias.size() == 0; }
};

/// Scores a text by its first position: out(tanh(dense(x))).
struct TextHead {
    Linear dense;  // [C, C]
    Linear out;    // [C, classes]

    bool none() const { return out.out_features() == 0; }
};

struct EncoderWeights {
    Matrix tokens;     // [V, C]
    Matrix positions;  // [positions, C]
    Matrix types;      // [types, C]
    NormWeights norm;  // of the sum of the three
    std::vector<BlockWeights> blocks;
    /// Positions are numbered from padding + 1 on, and the id `padding` itself is always at
    /// position `padding` (RoBERTa). -1: simply 0, 1, 2 ... (BERT)
    int padding = -1;

    // What a folder does not have is empty.
    TokenHead words;                  // masked language model
    Linear pooler;                    // [C, C], tanh behind it
    TextHead next_sentence;           // does the second text follow the first?  [2]: yes, no
    TextHead classes;                 // sequence classification
    std::vector<std::string> labels;  // of the classes
};

class Encoder {
   public:
    Encoder(ModelInfo info, EncoderWeights weights);

    const ModelInfo& info() const { return info_; }
    const EncoderWeights& weights() const { return weights_; }

    /// What the last block makes of each text.
    /// @return one [T_i, C] for each input, in order. A record also gets what the heads say, if it
    ///         wants it: "mlm_logits" [T, V], "pooler_output" [C], "nsp_logits" [2], "logits" [Y]
    /// @throws ArgumentError  an id or type outside its table, more positions than the model has
    /// @throws Stopped        when asked to stop, which is looked at before every layer
    std::vector<Tensor2> forward(std::span<const TokenInput> batch,
                                 const Parts& parts = fast_parts(),
                                 const std::stop_token& stop = {}) const;

    // The heads take what forward() returned for one text, [T, C].
    // @throws ArgumentError  if the folder had no such head

    /// Scores of the words that could stand at each position: [T, V].
    Tensor2 word_logits(Ref2 hidden, const Parts& parts = fast_parts()) const;
    /// BERT's summary of a text: [C].
    Tensor1 pooled(Ref2 hidden) const;
    /// [2]: does the second text follow the first, or not?
    Tensor1 next_sentence_logits(Ref2 hidden) const;
    /// [Y], a score for each of weights().labels.
    Tensor1 class_logits(Ref2 hidden) const;

   private:
    Tensor2 embed(const std::vector<int>& ids, const std::vector<int>& positions,
                  const std::vector<int>& types, const Parts& parts, Record* record) const;
    std::vector<Tensor2> run_packed(std::span<const TokenInput> batch, const Parts& parts,
                                    const std::stop_token& stop) const;
    Tensor2 run_one(const TokenInput& input, const Parts& parts, const std::stop_token& stop) const;
    void record_heads(Ref2 hidden, const Parts& parts, Record* record) const;

    ModelInfo info_;
    EncoderWeights weights_;
};

}  // namespace vitrine

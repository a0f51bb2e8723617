// Somebody else's weights in our model: what config.json says, where each tensor belongs and how it
// lies in memory; what an encoder does otherwise.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/config.h"
#include "io/safetensors.h"
#include "nn/weights.h"

namespace vitrine::chapters {

/// What config.json says of a decoder.
struct Plan {
    Index layers = 0;      // L
    Index heads = 1;       // H
    Index kv_heads = 1;    // K
    Index head_width = 1;  // D
    bool tied = false;     // the token table unembeds too
    bool conv1d = false;   // weights are stored [in, out], not [out, in]
    Norm norm = Norm::rms;
    float epsilon = 1e-5F;
    Activate activation = Activate::silu;
    Rotary rotary{};  // none: the model has a table of positions
};

/// @throws FileError  for what is missing, and for another family than GPT-2 or Llama
Plan read_plan(const ConfigFile& config);

/// Where a tensor of a GPT-2 or Llama checkpoint belongs in DecoderWeights:
/// "blocks.3.attn.q.weight".
/// @param name  the checkpoint's: "model.layers.3.self_attn.q_proj.weight"; its prefix may be
/// missing
/// @param tied  the token table unembeds too
/// @return      several places for a tensor that fills several, none for one that is no weight
/// Source: transformers, modeling_gpt2.py and modeling_llama.py.
std::vector<std::string> places(std::string_view name, bool tied);

/// The weight as a part takes it, [in, out].
/// @param stored  [out, in] of nn.Linear, [in, out] of Conv1D
Tensor2 linear_weight(Ref2 stored, bool conv1d);

/// The rows of a query or key weight from pairs of neighbours, as Meta and llama2.c store them, to
/// pairs that are half a head apart, as transformers does.
/// @param weight  [H D, C], as nn.Linear stores it
/// @return        [H D, C]
Tensor2 half_split(Ref2 weight, Index heads);

/// RoBERTa's positions: padding + 1 for the first token, and so on; `padding` for padding.
/// @param ids  [T]
/// @return     [T]
/// Source: transformers, create_position_ids_from_input_ids.
std::vector<int> position_ids(std::span<const int> ids, int padding);

/// The likeliest words in place of each hidden one, the likeliest first.
/// @param logits  [T, V]
/// @param ids     [T]; where `mask` stands, a word is hidden
/// @param count   so many for each, at most V
/// @return        [hidden words times count]
std::vector<int> masked_words(Ref2 logits, std::span<const int> ids, int mask, int count);

/// How probable it is that the second text follows the first.
/// @param logits  [2] of BERT's next-sentence head: it follows, it does not
double follows(Ref1 logits);

/// Tensors by their places; a vector is a matrix of one row.
using Placed = std::map<std::string, Tensor2>;
using PlaceNames = std::function<std::vector<std::string>(std::string_view, bool)>;

/// A checkpoint sorted into places. Places of a block that share a tensor (GPT-2's fused queries,
/// keys and values) get a share of its columns each.
/// @param names  `places`, or the learner's
/// @throws ArgumentError  if two tensors go to one place
Placed place_tensors(const TensorFile& checkpoint, const Plan& plan, const PlaceNames& names);

/// @throws ArgumentError  naming a place that nothing fills
DecoderWeights build(const Plan& plan, const Placed& placed);

}  // namespace vitrine::chapters

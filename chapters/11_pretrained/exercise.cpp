// Chapter 11: pretrained models. Write the five functions; `vitrine check 11_pretrained` tells you
// how far they go. A parameter's name stands in a comment until you use it: take the signs off.
#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "nn/parts.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace vitrine::mine {

/// Takes `front` off the beginning of a name, if it is there.
inline bool take(std::string_view& name, std::string_view front) {
    if (!name.starts_with(front)) return false;
    name.remove_prefix(front.size());
    return true;
}

/// A part's name in the checkpoint, without prefix, layer and ending, and in ours. Llama's rest and
/// GPT-2's are missing.
using Names = std::map<std::string, std::vector<std::string>>;
inline const Names& our_names() {
    static const Names names{
        {"embed_tokens", {"wte"}},
        {"self_attn.q_proj", {"attn.q"}},
        {"lm_head", {"unembed"}},
    };
    return names;
}

/// Where a tensor of a checkpoint belongs.
///
///                         Llama                       GPT-2
///      0  wte             embed_tokens                wte
///      1  wpe                                         wpe
///      2  ln_1            input_layernorm             ln_1
///      3  attn.q          self_attn.q_proj            attn.c_attn, the first third
///      4  attn.k          self_attn.k_proj            the second
///      5  attn.v          self_attn.v_proj            the last
///      6  attn.out        self_attn.o_proj            attn.c_proj
///      7  ln_2            post_attention_layernorm    ln_2
///      8  mlp.in          mlp.up_proj                 mlp.c_fc
///      9  mlp.out         mlp.down_proj               mlp.c_proj
///     10  mlp.gate        mlp.gate_proj
///     11  ln_f            norm                        ln_f
///     12  unembed         lm_head
///
/// 2 to 10 are those of a block: theirs begin with "layers.11." (Llama) or "h.11." (GPT-2), ours
/// with "blocks.11.". In front of that is "model." or "transformer.", or nothing. The ending,
/// ".weight" or ".bias", stays.
///
/// @param name  "model.layers.11.self_attn.q_proj.weight"
/// @param tied  the token table (embed_tokens, wte) is the unembedding too: it fills both places,
///              and an lm_head that is in the file all the same fills none
/// @return      {"blocks.11.attn.q.weight"}; attn.c_attn fills three places, in this order; what is
///              not in the table ("h.11.attn.bias", an old mask) fills none: {}
///
/// A check shows places as numbers: those above, 100 more for each layer, a half more for a bias.
/// "blocks.11.attn.q.weight" is 1103, its bias 1103.5.
std::vector<std::string> places(std::string_view /*name*/, bool /*tied*/) {
    throw Todo("places");
}

/// The weight of a linear map as our parts take it, [in, out].
///
/// @param stored  nn.Linear's [out, in]; or, if conv1d, [in, out], as GPT-2's Conv1D stores it
///
/// Handy: x.copy() makes a Tensor2 of a Ref2; transpose_last(x) exchanges rows and columns.
Tensor2 linear_weight(Ref2 /*stored*/, bool /*conv1d*/) {
    throw Todo("linear_weight");
}

/// The rows of a query or key weight in another order. In `weight` the two rows of a rotary pair
/// are neighbours, (0, 1), (2, 3) and so on; in the result they are half a head apart. Pair i of a
/// head with D rows: (2 i, 2 i + 1) -> (i, i + D / 2). Each head keeps its own rows.
///
/// @param weight  [H D, C], as nn.Linear stores it: head h has the rows h D to h D + D - 1
/// @param heads   H
/// @return        [H D, C]
///
/// Handy: xt::row(result, to) = weight[from].xt();
Tensor2 half_split(Ref2 /*weight*/, Index /*heads*/) {
    throw Todo("half_split");
}

/// RoBERTa's positions. Padding stands at position `padding`, wherever it is. The first token that
/// is no padding stands at padding + 1, the next at padding + 2, and so on.
///
/// @param ids      [T]
/// @param padding  the id of padding
/// @return         [T]
std::vector<int> position_ids(std::span<const int> ids, int /*padding*/) {
    if (!ids.empty()) throw Todo("position_ids");  // take this line out when you begin
    std::vector<int> positions;
    return positions;
}

/// The tokens of a row of logits, likeliest first; of two alike the smaller id.
inline std::vector<int> by_logit(Ref1 logits) {
    std::vector<int> order(static_cast<std::size_t>(logits.shape[0]));
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return logits(a) > logits(b); });
    return order;
}

/// What could stand in place of each hidden word.
///
/// @param logits  [T, V] of a masked language model: row t is about position t
/// @param ids     [T]; a word is hidden wherever `mask` stands
/// @param count   so many for each hidden word, the likeliest first
/// @return        [hidden words times count], one hidden word after the other
///
/// Handy: by_logit(logits[t]).
std::vector<int> masked_words(Ref2 /*logits*/, std::span<const int> ids, int /*mask*/,
                              int /*count*/) {
    if (!ids.empty()) throw Todo("masked_words");  // take this line out when you begin
    std::vector<int> words;
    return words;
}

}  // namespace vitrine::mine

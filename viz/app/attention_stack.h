// The kinds of attention that a model has: of each stack of blocks to itself, and across.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/encoder_decoder.h"
#include "tensor/tensor.h"

namespace vitrine::viz {

struct AttentionSummary;  // viz/views/attention_summary.h
struct LoadedModel;

/// Which keys a query may look at.
struct Sight {
    bool causal = true;
    Index window = 0;  // so many, its own position the last; 0: no limit

    bool hides(Index query, Index key) const {
        return causal && (key > query || (window > 0 && key <= query - window));
    }
};

/// What stands along an edge of a map: Run::encoding, Run::target, or the patches of Run::picture
/// with the class embedding in front.
enum class Axis { text, target, picture };

struct AttentionStack {
    std::string id;             // "attn"; "encoder", "decoder", "cross"; "text", "picture"
    std::string prefix;         // of its activations: "encoder."
    std::string step = "attn";  // or "cross_attn"
    Axis queries = Axis::text, keys = Axis::text;
    Index heads = 0;
    std::vector<Sight> sight;  // of each layer
    const std::vector<BlockWeights>* blocks = nullptr;
    const DistanceBias* distances = nullptr;          // added to its scores (T5); null: none
    std::shared_ptr<const AttentionSummary> summary;  // of a run; null: it kept no patterns

    Index layers() const { return static_cast<Index>(sight.size()); }
    /// Of an average over the layers (-1), what all of them hide.
    Sight sight_of(Index layer) const;
    /// "encoder.blocks.3.attn.pattern"
    std::string name(Index layer, const std::string& what) const;
    /// The same of all layers, for a Record: "encoder.blocks.*.attn.pattern".
    std::string names(const std::string& what) const;
    const AttentionWeights& weights(Index layer) const;
    /// What its scores are products of: behind the rotation, if there is one.
    std::string query_name(Index layer) const;
    std::string key_name(Index layer) const;
    /// What is added to the scores of a head: minus infinity where a pair is hidden. [T, S], or no
    /// numbers if nothing is.
    Tensor2 bias(Index layer, Index head, Index T, Index S) const;
};

/// Those of a model, without summaries; the first is of the stack that reads the typed text. None
/// for a model without attention.
std::vector<AttentionStack> attention_stacks(const LoadedModel& model);

}  // namespace vitrine::viz

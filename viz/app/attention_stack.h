// The kinds of attention that a model has: of each stack of blocks to itself, and across.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nn/weights.h"
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
    /// What its patterns can be computed from again; null: its scores have a bias of their own
    /// (T5).
    const std::vector<BlockWeights>* blocks = nullptr;
    std::shared_ptr<const AttentionSummary> summary;  // of a run; null: it kept no patterns

    Index layers() const { return static_cast<Index>(sight.size()); }
    /// Of an average over the layers (-1), what all of them hide.
    Sight sight_of(Index layer) const;
    /// "encoder.blocks.3.attn.pattern"
    std::string name(Index layer, const std::string& what) const;
};

/// Those of a model, without summaries; the first is of the stack that reads the typed text. None
/// for a model without attention.
std::vector<AttentionStack> attention_stacks(const LoadedModel& model);

}  // namespace vitrine::viz

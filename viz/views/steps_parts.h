// What the step-by-step view is made of.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "viz/app/view.h"
#include "viz/views/broken_run.h"
#include "viz/views/shown_tokens.h"
#include "viz/widgets/bars.h"
#include "viz/widgets/texture.h"

namespace vitrine::viz {

enum class Step { product, scale, mask, softmax, mix, origin };
inline constexpr int step_count = 6;

/// One head of one layer: what the steps compute with. Null where the run did not keep it.
struct HeadNumbers {
    const Activation *q = nullptr, *k = nullptr, *v = nullptr;  // [H, T, D], [H or K, S, D]
    const Activation *scores = nullptr, *pattern = nullptr, *z = nullptr;  // [H, T, S], [H, T, D]
    Index head = 0, kv_head = 0;
    Index T = 0, S = 0, D = 0;  // queries, keys, width of a head
    float scale = 1.0F;
    Sight sight;
    Tensor2 bias;  // [T, S], added to the scores by the distance (T5); no numbers: nothing is

    bool complete() const { return q && k && v && scores && pattern && z; }
    std::span<const Real> query(Index t) const { return row(*q, head, t); }
    std::span<const Real> key(Index t) const { return row(*k, kv_head, t); }
    std::span<const Real> value(Index t) const { return row(*v, kv_head, t); }
    std::span<const Real> score_row(Index t) const { return row(*scores, head, t); }
    std::span<const Real> pattern_row(Index t) const { return row(*pattern, head, t); }
    std::span<const Real> mix(Index t) const { return row(*z, head, t); }
    bool hidden(Index query, Index key) const { return sight.hides(query, key); }
    /// The keys that a query may look at: from `first` to `second` - 1.
    std::pair<Index, Index> seen(Index query) const;
    /// Score plus bias of those keys: what the softmax takes.
    std::vector<Real> seen_scores(Index query) const;

   private:
    static std::span<const Real> row(const Activation& of, Index head, Index t) {
        const Index width = of.shape[2];
        return {of.values.data() + (head * of.shape[1] + t) * width,
                static_cast<std::size_t>(width)};
    }
};

/// The numbers of a head; queries and keys after their rotation, if the model rotates them.
HeadNumbers head_numbers(const Run& run, const AttentionStack& stack, Index layer, Index head);

/// How much of what stands at `position` before a block came from each position of the stack's
/// text: the patterns of the blocks below, averaged over heads, each with half a share for the
/// residual.
/// @param layer  its number of blocks: behind the last
/// Source: Abnar & Zuidema 2020, "attention rollout".
std::vector<double> rollout(const Tower& tower, Index layer, Index position,
                            const std::stop_token& stop = {});

struct StepsMemory {
    std::shared_ptr<const ShownTokens> shown;  // that the rest was made from
    const AttentionStack* stack = nullptr;     // of shown->run: the chosen one
    bool dark = false;
    Index layer = -1, head = -1, query = -1, key = -1;
    HeadNumbers numbers;
    std::array<Texture, 6> pictures;  // q, k, scores, pattern, v, z
    int step = 0;
    bool focused = false;  // the matrices have the keyboard
    // Breaking it on purpose.
    int fault = 0;  // index of Fault
    float weight = 0.5F;
    bool renormalise = true;
    BarsState bars, parts;

    const std::string& query_label(Index t) const {
        return shown->of(stack->queries)[static_cast<std::size_t>(t)];
    }
    const std::string& key_label(Index s) const {
        return shown->of(stack->keys)[static_cast<std::size_t>(s)];
    }
};

/// "-0.12", with a real minus sign.
std::string short_number(double value);
/// A strip of numbers as coloured cells at the cursor; hovering tells each. `largest` is full
/// colour.
void draw_strip(ViewContext& context, const char* name, std::span<const Real> values, float largest,
                float width);

/// The chosen step in numbers.
void draw_step_detail(ViewContext& context, StepsMemory& memory, float width);
/// The switches and the next token before and after.
void draw_breaking(ViewContext& context, StepsMemory& memory, float width);

}  // namespace vitrine::viz

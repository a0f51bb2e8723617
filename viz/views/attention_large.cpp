#include "viz/views/attention_large.h"

#include <algorithm>

#include "models/stack.h"
#include "nn/attention.h"
#include "tensor/error.h"

namespace vitrine::viz {

namespace {

/// One head of "attn.q" [H, T, D] as [1, T, D].
Ref3 head_of(const Run& run, const std::string& name, Index head, Index heads_a_key) {
    const Activation* all = run.kept(name);
    if (all == nullptr || all->shape.size() != 3)
        throw Error(name, "the run keeps it", "it does not");
    const Index T = all->shape[1], D = all->shape[2];
    const Real* values = all->values.data() + head / heads_a_key * T * D;
    return Ref3{values, {1, T, D}, {T * D, D, 1}};
}

std::vector<Real> taken(ActivationCache& cache, const char* name) {
    return std::move(cache.at(name).values);
}

}  // namespace

HeadAgain head_again(const Run& run, const AttentionStack& stack, Index layer, Index head) {
    const AttentionWeights& weights = stack.weights(layer);
    const Ref3 q = head_of(run, stack.query_name(layer), head, 1);
    const Ref3 k = head_of(run, stack.key_name(layer), head, weights.heads / weights.kv_heads);
    const Tensor2 bias = stack.bias(layer, head, q.shape[1], k.shape[1]);
    Record record = Record::of({"scores", "pattern"});
    fast::attention(q, k, k, bias_or_none(bias), weights.scale, &record);
    ActivationCache cache = record.take_cache();
    return {taken(cache, "pattern"), taken(cache, "scores")};
}

std::shared_ptr<const LargeMap> large_map(const Run& run, const AttentionStack& stack, Index layer,
                                          Index head, const ColourScale& scale,
                                          const Theme& theme) {
    auto made = std::make_shared<LargeMap>();
    ChosenMap& map = made->map;
    map = chosen_map(run, stack, layer, head);
    if (map.weights == nullptr) {
        made->again = head_again(run, stack, layer, head);
        map.weights = made->again.weights.data();
        map.scores = made->again.scores.data();
    }
    made->picture = paint_map(map.weights, map.T, map.S, scale, theme,
                              [&](Index query, Index key) { return map.sight.hides(query, key); });
    add_smaller(made->picture);
    return made;
}

Image thumbnails_of(const AttentionStack& stack, ColourScale scale, const Theme& theme) {
    const AttentionSummary& summary = *stack.summary;
    const Index across = summary.average_thumbnail.columns, down = summary.average_thumbnail.rows;
    const Sight sight = stack.sight_of(-1);
    const Index columns = summary.heads + 1;
    const Index T = summary.average.rows, S = summary.average.columns;
    Image atlas(static_cast<int>(columns * across), static_cast<int>((summary.layers + 1) * down));
    // Pooling makes weights smaller: the largest takes the full colour.
    scale.largest = 1e-6F;
    for (const AttentionMap& map : summary.thumbnails) {
        for (const Real value : map.values) scale.largest = std::max<float>(scale.largest, value);
    }
    const auto put = [&](const AttentionMap& map, Index row, Index column) {
        // A pooled cell is hidden if even its last query comes before its first key.
        const Image image =
            paint_map(map.values.data(), down, across, scale, theme, [&](Index query, Index key) {
                return sight.causal && key * S / across > ((query + 1) * T - 1) / down;
            });
        for (int y = 0; y < image.height; ++y) {
            for (int x = 0; x < image.width; ++x) {
                atlas.at(static_cast<int>(column * across) + x, static_cast<int>(row * down) + y) =
                    image.at(x, y);
            }
        }
    };
    for (Index layer = 0; layer < summary.layers; ++layer) {
        for (Index column = 0; column < columns; ++column) {
            put(summary.thumbnails[static_cast<std::size_t>(layer * columns + column)], layer,
                column);
        }
    }
    put(summary.average_thumbnail, summary.layers, summary.heads);
    // A thumbnail's edge halves to whole pixels four times: they do not run into each other.
    if (across == thumbnail_size && down == thumbnail_size) add_smaller(atlas);
    return atlas;
}

}  // namespace vitrine::viz

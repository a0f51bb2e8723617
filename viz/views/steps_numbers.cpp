#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tensor/error.h"
#include "viz/views/steps_parts.h"

namespace vitrine::viz {

HeadNumbers head_numbers(const Run& run, const AttentionStack& stack, Index layer, Index head) {
    HeadNumbers n;
    n.q = run.kept(stack.query_name(layer));
    n.k = run.kept(stack.key_name(layer));
    n.v = run.kept(stack.name(layer, "v"));
    n.scores = run.kept(stack.name(layer, "scores"));
    n.pattern = run.kept(stack.name(layer, "pattern"));
    n.z = run.kept(stack.name(layer, "z"));
    if (!n.complete()) return n;
    n.head = head;
    n.kv_head = head / (n.q->shape[0] / n.k->shape[0]);
    n.T = n.q->shape[1];
    n.S = n.k->shape[1];
    n.D = n.q->shape[2];
    n.scale = stack.weights(layer).scale;
    n.sight = stack.sight_of(layer);
    if (stack.distances != nullptr) n.bias = stack.bias(layer, head, n.T, n.S);
    return n;
}

std::pair<Index, Index> HeadNumbers::seen(Index query) const {
    Index first = 0, last = S;
    while (hidden(query, first)) ++first;
    while (hidden(query, last - 1)) --last;
    return {first, last};
}

std::vector<Real> HeadNumbers::seen_scores(Index query) const {
    const auto [first, last] = seen(query);
    const std::span<const Real> row = score_row(query);
    std::vector<Real> result(row.begin() + first, row.begin() + last);
    for (Index key = first; bias.size() != 0 && key < last; ++key)
        result[static_cast<std::size_t>(key - first)] += bias(query, key);
    return result;
}

std::vector<double> rollout(const Tower& tower, Index layer, Index position,
                            const std::stop_token& stop) {
    std::vector<double> share(static_cast<std::size_t>(tower.positions()), 0.0);
    share[static_cast<std::size_t>(position)] = 1.0;
    for (Index l = layer - 1; l >= 0; --l) {
        if (stop.stop_requested()) throw Stopped();
        const Activation* pattern = tower.at(l, "attn.pattern");
        if (pattern == nullptr) break;
        const Index H = pattern->shape[0], T = pattern->shape[1];
        std::vector<double> below(share.size(), 0.0);
        for (Index t = 0; t < T; ++t) {
            const double mine = share[static_cast<std::size_t>(t)];
            if (mine == 0.0) continue;
            below[static_cast<std::size_t>(t)] += 0.5 * mine;
            for (Index h = 0; h < H; ++h) {
                for (Index s = 0; s < T; ++s) {
                    const auto weight = static_cast<double>(
                        pattern->values[static_cast<std::size_t>((h * T + t) * T + s)]);
                    below[static_cast<std::size_t>(s)] +=
                        0.5 * mine * weight / static_cast<double>(H);
                }
            }
        }
        share = std::move(below);
    }
    return share;
}

std::string short_number(double value) {
    char text[32];
    const double size = std::abs(value);
    std::snprintf(text, sizeof text, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", size);
    const bool is_zero = std::string(text).find_first_not_of("0.") == std::string::npos;
    return (value < 0 && !is_zero ? "−" : "") + std::string(text);
}

}  // namespace vitrine::viz

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "nn/relative_bias.h"
#include "tensor/error.h"
#include "viz/views/steps_parts.h"

namespace vitrine::viz {

namespace {

/// T5's number for each pair of positions: [T, T].
std::vector<Real> bias_of(const DistanceBias& distances, Index head, Index T) {
    const auto buckets = static_cast<int>(distances.table.shape()[0]);
    std::vector<Real> bias;
    for (Index query = 0; query < T; ++query) {
        for (Index key = 0; key < T; ++key)
            bias.push_back(distances.table(
                relative_bucket(key - query, true, buckets, distances.max_distance), head));
    }
    return bias;
}

}  // namespace

HeadNumbers head_numbers(const Run& run, Index layer, Index head) {
    HeadNumbers n;
    const auto either = [&](const char* rotated, const char* plain) {
        const Activation* found = run.at(layer, rotated);
        return found != nullptr ? found : run.at(layer, plain);
    };
    n.q = either("attn.q_rot", "attn.q");
    n.k = either("attn.k_rot", "attn.k");
    n.v = run.at(layer, "attn.v");
    n.scores = run.at(layer, "attn.scores");
    n.pattern = run.at(layer, "attn.pattern");
    n.z = run.at(layer, "attn.z");
    if (!n.complete()) return n;
    n.head = head;
    n.kv_head = head / (n.q->shape[0] / n.k->shape[0]);
    n.T = n.q->shape[1];
    n.D = n.q->shape[2];
    n.scale = 1.0F / std::sqrt(static_cast<float>(n.D));
    if (const std::vector<BlockWeights>* blocks = run.model->blocks())
        n.scale = blocks->at(static_cast<std::size_t>(layer)).attn.scale;
    if (!run.stacks.empty()) n.sight = run.stacks.front().sight_of(layer);
    if (const EncoderDecoder* both = run.model->text_to_text())
        n.bias = bias_of(both->weights().encoder_bias, head, n.T);
    return n;
}

std::pair<Index, Index> HeadNumbers::seen(Index query) const {
    Index first = 0, last = T;
    while (hidden(query, first)) ++first;
    while (hidden(query, last - 1)) --last;
    return {first, last};
}

std::vector<Real> HeadNumbers::seen_scores(Index query) const {
    const auto [first, last] = seen(query);
    const std::span<const Real> row = score_row(query);
    std::vector<Real> result(row.begin() + first, row.begin() + last);
    for (Index key = first; !bias.empty() && key < last; ++key)
        result[static_cast<std::size_t>(key - first)] +=
            bias[static_cast<std::size_t>(query * T + key)];
    return result;
}

std::vector<double> rollout(const Run& run, Index layer, Index position,
                            const std::stop_token& stop) {
    std::vector<double> share(static_cast<std::size_t>(run.positions()), 0.0);
    share[static_cast<std::size_t>(position)] = 1.0;
    for (Index l = layer - 1; l >= 0; --l) {
        if (stop.stop_requested()) throw Stopped();
        const Activation* pattern = run.at(l, "attn.pattern");
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

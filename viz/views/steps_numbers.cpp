#include <algorithm>
#include <cmath>
#include <cstdio>

#include "models/decoder.h"
#include "tensor/error.h"
#include "viz/views/steps_parts.h"

namespace vitrine::viz {

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
    if (const auto* decoder = run.model->decoder())
        n.scale = decoder->weights().blocks.at(static_cast<std::size_t>(layer)).attn.scale;
    return n;
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
                for (Index s = 0; s <= t; ++s) {
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

#include "viz/views/neuron_numbers.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace vitrine::viz {

namespace {

std::span<const Real> row_at(const Tower& tower, Index layer, const char* name, Index position) {
    const Activation* all = tower.at(layer, name);
    if (all == nullptr || all->shape.size() != 2 || position >= all->shape[0]) return {};
    const auto F = static_cast<std::size_t>(all->shape[1]);
    return {all->values.data() + static_cast<std::size_t>(position) * F, F};
}

std::vector<Index> counting(std::size_t n) {
    std::vector<Index> order(n);
    std::iota(order.begin(), order.end(), Index{0});
    return order;
}

std::vector<PushedToken> first_tokens(std::span<const Real> logits, std::size_t count,
                                      bool largest) {
    std::vector<int> order(logits.size());
    std::iota(order.begin(), order.end(), 0);
    count = std::min(count, order.size());
    const auto sign = largest ? -1.0F : 1.0F;
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count),
                      order.end(), [&](int a, int b) {
                          return sign * logits[static_cast<std::size_t>(a)] <
                                 sign * logits[static_cast<std::size_t>(b)];
                      });
    std::vector<PushedToken> tokens;
    for (std::size_t i = 0; i < count; ++i) {
        tokens.push_back({order[i], logits[static_cast<std::size_t>(order[i])]});
    }
    return tokens;
}

}  // namespace

const FeedForwardWeights* feed_forward_of(const Tower& tower, Index layer) {
    const std::vector<BlockWeights>* blocks = tower.blocks();
    if (blocks == nullptr || layer < 0 || layer >= static_cast<Index>(blocks->size()))
        return nullptr;
    return &(*blocks)[static_cast<std::size_t>(layer)].mlp;
}

NeuronInputs neurons_at(const Tower& tower, Index layer, Index position) {
    NeuronInputs neurons;
    neurons.gate = row_at(tower, layer, "mlp_gate", position);
    neurons.in = row_at(tower, layer, "mlp_pre", position);
    neurons.out = row_at(tower, layer, "mlp_post", position);
    return neurons;
}

std::vector<Index> strongest_neurons(std::span<const Real> out, std::size_t count) {
    std::vector<Index> order = counting(out.size());
    count = std::min(count, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count),
                      order.end(), [&](Index a, Index b) {
                          return std::abs(out[static_cast<std::size_t>(a)]) >
                                 std::abs(out[static_cast<std::size_t>(b)]);
                      });
    order.resize(count);
    return order;
}

std::vector<Index> by_input(std::span<const Real> curved) {
    std::vector<Index> order = counting(curved.size());
    std::sort(order.begin(), order.end(), [&](Index a, Index b) {
        return curved[static_cast<std::size_t>(a)] < curved[static_cast<std::size_t>(b)];
    });
    return order;
}

std::vector<float> curve_points(Activate kind, float low, float high, int count) {
    Tensor2 x = zeros<2>({1, count});
    for (int i = 0; i < count; ++i) {
        x(0, i) = low + (high - low) * static_cast<float>(i) / static_cast<float>(count - 1);
    }
    const Tensor2 y = fast_parts().activation(x, kind);
    return {y.begin(), y.end()};
}

NeuronPush push_of(const DecoderWeights& weights, Index layer, Index neuron, std::size_t count) {
    const Matrix& out = weights.blocks.at(static_cast<std::size_t>(layer)).mlp.out.matrix();
    Tensor2 row = zeros<2>({1, out.columns});  // [1, C]
    out.read_row(neuron, row.data());
    Tensor2 logits = zeros<2>({1, weights.unembed.rows});  // [1, V]
    multiply(row, weights.unembed.transpose(), logits.data());
    const std::span<const Real> all(logits.data(), logits.size());
    return {layer, neuron, first_tokens(all, count, true), first_tokens(all, count, false)};
}

}  // namespace vitrine::viz

#include "viz/views/attention_summary.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace vitrine::viz {

namespace {

/// How much of source cell s lies under target cell t when n cells are pooled to m, for t's s.
struct Span {
    Index first = 0;
    std::vector<double> weights;
};

std::vector<Span> spans(Index n, Index m) {
    std::vector<Span> result(static_cast<std::size_t>(m));
    const double width = static_cast<double>(n) / static_cast<double>(m);
    for (Index t = 0; t < m; ++t) {
        const double begin = static_cast<double>(t) * width;
        const double end = begin + width;
        Span& span = result[static_cast<std::size_t>(t)];
        span.first = static_cast<Index>(begin);
        for (Index s = span.first; s < n && static_cast<double>(s) < end - 1e-9; ++s) {
            const double low = std::max(begin, static_cast<double>(s));
            const double high = std::min(end, static_cast<double>(s) + 1.0);
            span.weights.push_back((high - low) / width);
        }
    }
    return result;
}

void add_map(std::vector<double>& sums, const Real* pattern) {
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += static_cast<double>(pattern[i]);
}

AttentionMap mean_map(const std::vector<double>& sums, Index T, Index S, Index count) {
    AttentionMap map{T, S, std::vector<Real>(sums.size())};
    for (std::size_t i = 0; i < sums.size(); ++i) {
        map.values[i] = static_cast<Real>(sums[i] / static_cast<double>(count));
    }
    return map;
}

}  // namespace

AttentionMap pool(const Real* pattern, Index T, Index S, Index size) {
    AttentionMap map{std::min(T, size), std::min(S, size), {}};
    if (map.rows == T && map.columns == S) {
        map.values.assign(pattern, pattern + T * S);
        return map;
    }
    const std::vector<Span> rows = spans(T, map.rows), columns = spans(S, map.columns);
    for (const Span& down : rows) {
        std::vector<double> sum(columns.size(), 0.0);
        for (std::size_t i = 0; i < down.weights.size(); ++i) {
            const Real* source = pattern + (down.first + static_cast<Index>(i)) * S;
            for (std::size_t x = 0; x < columns.size(); ++x) {
                const Span& across = columns[x];
                double total = 0.0;
                for (std::size_t j = 0; j < across.weights.size(); ++j) {
                    total += across.weights[j] *
                             static_cast<double>(source[across.first + static_cast<Index>(j)]);
                }
                sum[x] += down.weights[i] * total;
            }
        }
        for (const double value : sum) map.values.push_back(static_cast<Real>(value));
    }
    return map;
}

void AttentionSumming::add(const Real* pattern, Index H, Index T, Index S) {
    AttentionSummary& summary = *summary_;
    if (all_.empty()) all_.assign(static_cast<std::size_t>(T * S), 0.0);
    std::vector<AttentionMap> small(static_cast<std::size_t>(H));
#pragma omp parallel for schedule(dynamic) if (H * T * S > (1 << 20))
    for (Index head = 0; head < H; ++head) {
        small[static_cast<std::size_t>(head)] = pool(pattern + head * T * S, T, S, thumbnail_size);
    }
    std::move(small.begin(), small.end(), std::back_inserter(summary.thumbnails));
    std::vector<double> sums(all_.size(), 0.0);
    for (Index head = 0; head < H; ++head) add_map(sums, pattern + head * T * S);
    for (std::size_t i = 0; i < all_.size(); ++i) all_[i] += sums[i];
    summary.layer_averages.push_back(mean_map(sums, T, S, H));
    summary.thumbnails.push_back(
        pool(summary.layer_averages.back().values.data(), T, S, thumbnail_size));
    summary.heads = H;
    ++summary.layers;
}

std::shared_ptr<const AttentionSummary> AttentionSumming::finish() {
    AttentionSummary& summary = *summary_;
    if (summary.layers == 0) return nullptr;
    const Index T = summary.layer_averages.front().rows, S = summary.layer_averages.front().columns;
    summary.average = mean_map(all_, T, S, summary.layers * summary.heads);
    summary.average_thumbnail = pool(summary.average.values.data(), T, S, thumbnail_size);
    return summary_;
}

std::shared_ptr<const AttentionSummary> summarise_attention(const ActivationCache& activations,
                                                            const AttentionStack& stack) {
    AttentionSumming summing;
    std::vector<Index> first;
    for (Index layer = 0; layer < stack.layers(); ++layer) {
        const auto found = activations.find(stack.name(layer, "pattern"));
        if (found == activations.end()) break;
        const std::vector<Index>& shape = found->second.shape;  // [H, T, S]
        if (shape.size() != 3 || found->second.values.empty()) break;
        if (first.empty()) first = shape;
        if (shape != first) break;
        summing.add(found->second.values.data(), shape[0], shape[1], shape[2]);
    }
    return summing.finish();
}

void find_attention(Run& run) {
    if (!run.model) return;
    if (run.stacks.empty()) run.stacks = attention_stacks(*run.model);
    for (AttentionStack& stack : run.stacks) {
        if (!stack.summary) stack.summary = summarise_attention(run.activations, stack);
    }
}

}  // namespace vitrine::viz

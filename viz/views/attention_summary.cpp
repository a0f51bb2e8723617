#include "viz/views/attention_summary.h"

#include <algorithm>
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

AttentionMap mean_map(const std::vector<double>& sums, Index T, Index count) {
    AttentionMap map{T, std::vector<Real>(sums.size())};
    for (std::size_t i = 0; i < sums.size(); ++i) {
        map.values[i] = static_cast<Real>(sums[i] / static_cast<double>(count));
    }
    return map;
}

}  // namespace

AttentionMap pool(const Real* pattern, Index T, Index size) {
    const Index m = std::min(T, size);
    AttentionMap map{m, std::vector<Real>(static_cast<std::size_t>(m * m), Real{0})};
    if (m == T) {
        std::copy(pattern, pattern + T * T, map.values.begin());
        return map;
    }
    const std::vector<Span> cells = spans(T, m);
    for (Index y = 0; y < m; ++y) {
        const Span& down = cells[static_cast<std::size_t>(y)];
        std::vector<double> sum(static_cast<std::size_t>(m), 0.0);
        for (std::size_t i = 0; i < down.weights.size(); ++i) {
            const Real* source = pattern + (down.first + static_cast<Index>(i)) * T;
            for (Index x = 0; x < m; ++x) {
                const Span& across = cells[static_cast<std::size_t>(x)];
                double total = 0.0;
                for (std::size_t j = 0; j < across.weights.size(); ++j) {
                    total += across.weights[j] *
                             static_cast<double>(source[across.first + static_cast<Index>(j)]);
                }
                sum[static_cast<std::size_t>(x)] += down.weights[i] * total;
            }
        }
        for (Index x = 0; x < m; ++x) {
            map.values[static_cast<std::size_t>(y * m + x)] =
                static_cast<Real>(sum[static_cast<std::size_t>(x)]);
        }
    }
    return map;
}

std::shared_ptr<const AttentionSummary> summarise_attention(const Run& run) {
    auto summary = std::make_shared<AttentionSummary>();
    Index T = 0;
    std::vector<double> all;
    for (Index layer = 0;; ++layer) {
        const auto found =
            run.activations.find("blocks." + std::to_string(layer) + ".attn.pattern");
        if (found == run.activations.end() || found->second.shape.size() != 3) break;
        const Activation& pattern = found->second;  // [H, T, T]
        const Index H = pattern.shape[0];
        T = pattern.shape[1];
        if (H == 0 || T == 0 || pattern.shape[2] != T) break;
        if (layer == 0) all.assign(static_cast<std::size_t>(T * T), 0.0);
        std::vector<double> sums(static_cast<std::size_t>(T * T), 0.0);
        for (Index head = 0; head < H; ++head) {
            const Real* map = pattern.values.data() + head * T * T;
            summary->thumbnails.push_back(pool(map, T, thumbnail_size));
            add_map(sums, map);
        }
        for (std::size_t i = 0; i < all.size(); ++i) all[i] += sums[i];
        summary->layer_averages.push_back(mean_map(sums, T, H));
        summary->thumbnails.push_back(
            pool(summary->layer_averages.back().values.data(), T, thumbnail_size));
        summary->heads = H;
        summary->layers = layer + 1;
    }
    if (summary->layers == 0) return nullptr;
    summary->average = mean_map(all, T, summary->layers * summary->heads);
    summary->average_thumbnail = pool(summary->average.values.data(), T, thumbnail_size);
    return summary;
}

}  // namespace vitrine::viz

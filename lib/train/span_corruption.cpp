#include "train/span_corruption.h"

#include <algorithm>
#include <cmath>

#include "tensor/error.h"
#include "tensor/random.h"

namespace vitrine::train {

namespace {

void check(Index length, const SpanCorruption& corruption) {
    if (length < 2) throw ArgumentError("text", "at least 2 tokens", std::to_string(length));
    if (!(corruption.density > 0 && corruption.density < 1)) {
        throw ArgumentError("density", "a share between 0 and 1",
                            std::to_string(corruption.density));
    }
    if (!(corruption.mean_span >= 1)) {
        throw ArgumentError("mean_span", "at least 1 token", std::to_string(corruption.mean_span));
    }
}

/// `items` in so many parts of at least one item, all ways alike: which of the items - 1 gaps are
/// borders is a shuffle.
std::vector<Index> random_parts(Index items, Index parts, Random& random) {
    std::vector<char> borders(static_cast<std::size_t>(items - 1), 0);
    std::fill_n(borders.begin(), parts - 1, 1);
    for (std::size_t i = borders.size(); i > 1; --i)
        std::swap(borders[i - 1], borders[static_cast<std::size_t>(random.below(i))]);
    std::vector<Index> lengths{1};
    for (const char border : borders) {
        if (border == 0) {
            ++lengths.back();
        } else {
            lengths.push_back(1);
        }
    }
    return lengths;
}

}  // namespace

SpanSizes span_sizes(Index length, const SpanCorruption& corruption) {
    check(length, corruption);
    const auto rounded = [](double x) { return static_cast<Index>(std::nearbyint(x)); };
    SpanSizes sizes;
    sizes.noise =
        std::clamp<Index>(rounded(static_cast<double>(length) * corruption.density), 1, length - 1);
    sizes.spans = rounded(static_cast<double>(sizes.noise) / corruption.mean_span);
    // As many stretches stay as are left out, and none is empty.
    sizes.spans = std::clamp<Index>(sizes.spans, 1, std::min(sizes.noise, length - sizes.noise));
    if (sizes.spans + 1 > corruption.sentinels) {
        throw ArgumentError("text",
                            "at most " + std::to_string(corruption.sentinels - 1) + " spans",
                            std::to_string(sizes.spans), "take shorter rows");
    }
    sizes.source = length - sizes.noise + sizes.spans + 1;
    sizes.target = sizes.noise + sizes.spans + 2;
    return sizes;
}

Index text_length(Index source, const SpanCorruption& corruption) {
    Index length = 2;
    if (span_sizes(length, corruption).source > source) {
        throw ArgumentError("source", "room for 3 tokens", std::to_string(source));
    }
    while (span_sizes(length + 1, corruption).source <= source) ++length;
    return length;
}

CorruptedText corrupt_spans(std::span<const int> ids, const SpanCorruption& corruption,
                            std::uint64_t seed) {
    const auto length = static_cast<Index>(ids.size());
    const SpanSizes sizes = span_sizes(length, corruption);
    Random random(seed);
    const std::vector<Index> noise = random_parts(sizes.noise, sizes.spans, random);
    const std::vector<Index> stays = random_parts(length - sizes.noise, sizes.spans, random);
    CorruptedText text;
    int sentinel = corruption.first_sentinel;
    const auto* at = ids.data();
    for (std::size_t i = 0; i < noise.size(); ++i, --sentinel) {
        text.source.insert(text.source.end(), at, at + stays[i]);
        at += stays[i];
        text.source.push_back(sentinel);
        text.target.push_back(sentinel);
        text.target.insert(text.target.end(), at, at + noise[i]);
        at += noise[i];
    }
    text.source.push_back(corruption.end_id);
    text.target.insert(text.target.end(), {sentinel, corruption.end_id});
    return text;
}

Batch span_batch(std::span<const int> ids, Index T, const SpanCorruption& corruption,
                 std::uint64_t seed) {
    const SpanSizes sizes = span_sizes(T, corruption);
    if (static_cast<Index>(ids.size()) % T != 0) {
        throw ArgumentError("ids", "rows of " + std::to_string(T), std::to_string(ids.size()));
    }
    Batch batch;
    batch.T = sizes.target;
    batch.S = sizes.source;
    for (std::size_t begin = 0; begin < ids.size(); begin += static_cast<std::size_t>(T)) {
        seed += golden_step;
        const CorruptedText text = corrupt_spans(ids.subspan(begin, static_cast<std::size_t>(T)),
                                                 corruption, mix_bits(seed));
        batch.source.insert(batch.source.end(), text.source.begin(), text.source.end());
        batch.ids.push_back(corruption.start_id);
        batch.ids.insert(batch.ids.end(), text.target.begin(), text.target.end() - 1);
        batch.targets.insert(batch.targets.end(), text.target.begin(), text.target.end());
    }
    return batch;
}

}  // namespace vitrine::train

#include "viz/views/residual_numbers.h"

#include <array>
#include <cmath>

#include "models/decoder.h"

namespace vitrine::viz {

namespace {

/// The stream before block `place`, or after the last.
std::span<const Real> stream_at(const Tower& tower, Index place, Index position) {
    const Index layers = tower.layers();
    return place < layers ? vector_at(tower, place, "resid_pre", position)
                          : vector_at(tower, layers - 1, "resid_post", position);
}

std::vector<Real> row_lengths(const Tensor2& x) {
    std::vector<Real> lengths;
    const auto C = static_cast<std::size_t>(x.shape()[1]);
    for (std::size_t t = 0; t < x.shape()[0]; ++t) {
        lengths.push_back(static_cast<Real>(length_of({x.data() + t * C, C})));
    }
    return lengths;
}

}  // namespace

std::span<const Real> vector_at(const Tower& tower, Index layer, const char* name, Index position) {
    const Activation* all = tower.at(layer, name);
    if (all == nullptr || all->shape.size() != 2 || position >= all->shape[0]) return {};
    const auto C = static_cast<std::size_t>(all->shape[1]);
    return {all->values.data() + static_cast<std::size_t>(position) * C, C};
}

bool norms_behind(const Tower& tower) {
    const std::vector<BlockWeights>* blocks = tower.blocks();
    return blocks != nullptr && !blocks->empty() && blocks->front().post_norm;
}

double length_of(std::span<const Real> x) {
    double squares = 0.0;
    for (const Real value : x) squares += static_cast<double>(value) * static_cast<double>(value);
    return std::sqrt(squares);
}

double cosine_of(std::span<const Real> a, std::span<const Real> b) {
    const double lengths = length_of(a) * length_of(b);
    if (lengths == 0.0) return 0.0;
    double product = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        product += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    }
    return product / lengths;
}

std::vector<BranchStep> branches_of(const Tower& tower, Index position) {
    struct Names {
        Branch branch;
        const char *stream, *added;
    };
    std::vector<Names> names{{Branch::attention, "resid_pre", "attn_out"},
                             {Branch::feed_forward, "resid_mid", "mlp_out"}};
    if (tower.at(0, "cross_attn_out") != nullptr) {
        names.insert(names.begin() + 1, {Branch::across, "resid_mid", "cross_attn_out"});
        names.back().stream = "resid_cross";
    }
    std::vector<BranchStep> steps;
    for (Index layer = 0; layer < tower.layers(); ++layer) {
        for (const Names& each : names) {
            const auto stream = vector_at(tower, layer, each.stream, position);
            const auto added = vector_at(tower, layer, each.added, position);
            if (stream.empty() || added.size() != stream.size()) return {};
            steps.push_back({layer, each.branch, length_of(stream), length_of(added),
                             cosine_of(stream, added)});
        }
    }
    return steps;
}

DepthMap depth_map(const Tower& tower) {
    DepthMap map;
    map.positions = tower.positions();
    map.places = tower.layers() + 1;
    for (Index t = 0; t < map.positions; ++t) {
        for (Index place = 0; place < map.places; ++place) {
            const std::span<const Real> x = stream_at(tower, place, t);
            const double n = std::max(1.0, static_cast<double>(x.size()));
            double sum = 0.0, squares = 0.0;
            for (const Real value : x) sum += static_cast<double>(value);
            for (const Real value : x) {
                const double apart = static_cast<double>(value) - sum / n;
                squares += apart * apart;
            }
            map.mean.push_back(static_cast<float>(sum / n));
            map.deviation.push_back(static_cast<float>(std::sqrt(squares / n)));
        }
    }
    return map;
}

std::shared_ptr<const Growth> post_norm_growth(const Run& run, const std::stop_token& stop) {
    if (!run.model) return nullptr;
    const auto* decoder = run.model->decoder();
    const Activation* start = run.at(0, "resid_pre");
    if (decoder == nullptr || start == nullptr || start->shape.size() != 2) return nullptr;
    const Index T = start->shape[0], C = start->shape[1];
    const std::array<Segment, 1> segments{Segment{0, T, nullptr}};
    Tensor2 x = Ref2(start->values.data(), {T, C}).copy();  // [T, C]
    std::vector<std::vector<Real>> by_place{row_lengths(x)};
    for (BlockWeights weights : decoder->weights().blocks) {  // a copy: the model stays as it is
        if (stop.stop_requested()) return nullptr;
        weights.post_norm = true;
        x = fast_parts().block(fast_parts(), x, segments, weights, nullptr);
        by_place.push_back(row_lengths(x));
    }
    auto growth = std::make_shared<Growth>();
    for (Index t = 0; t < T; ++t) {
        std::vector<Real> pre, post;
        for (std::size_t place = 0; place < by_place.size(); ++place) {
            const auto stream = stream_at(run, static_cast<Index>(place), t);
            pre.push_back(static_cast<Real>(length_of(stream)));
            post.push_back(by_place[place][static_cast<std::size_t>(t)]);
        }
        growth->pre.push_back(std::move(pre));
        growth->post.push_back(std::move(post));
    }
    return growth;
}

}  // namespace vitrine::viz

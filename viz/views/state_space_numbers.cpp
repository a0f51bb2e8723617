#include "viz/views/state_space_numbers.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "models/mamba.h"
#include "tensor/error.h"

namespace vitrine::viz {

namespace {

/// A kept activation of rank 2; nothing if it is not there.
std::optional<Ref2> table_of(const Run& run, Index layer, const char* name) {
    const Activation* found = run.at(layer, name);
    if (found == nullptr || found->shape.size() != 2) return {};
    return Ref2(found->values.data(), {found->shape[0], found->shape[1]});
}

/// The state behind every token [T, E, N]: scanned again, as a run of a long text keeps none.
Tensor3 states_of(const ScanInputs& in) {
    Tensor2 state = zeros<2>({in.A.shape[0], in.A.shape[1]});
    Tensor3 states;
    selective_scan(in, state, &states);
    return states;
}

/// One channel of a scan, as a scan of its own.
ScanInputs channel_of(const ScanInputs& in, Index e) {
    const auto column = [&](Ref2 x) {
        return Ref2(x.data + e * x.strides[1], {x.shape[0], 1}, x.strides);
    };
    return {column(in.u), column(in.delta), rows(in.A, e, e + 1), in.B, in.C, rows(in.D, e, e + 1)};
}

double squares(std::span<const Real> numbers) {
    double sum = 0.0;
    for (const Real x : numbers) sum += static_cast<double>(x) * static_cast<double>(x);
    return sum;
}

/// Follows what each token wrote into a channel.
/// @param visit  gets t and two rows up to s = t: the weight of s in what comes out at t, for
///               an input of 1, and the squared length of what is left of it
template <class Visit>
void walk_channel(const ScanInputs& in, Index e, const Visit& visit) {
    constexpr double nothing = 1e-30;  // far below what can be seen; denormal numbers are slow
    const Index T = in.u.shape[0], N = in.A.shape[1];
    std::vector<double> left(static_cast<std::size_t>(N * T), 0.0);  // [N, T]
    std::vector<double> weights(static_cast<std::size_t>(T)), lengths(static_cast<std::size_t>(T));
    for (Index t = 0; t < T; ++t) {
        std::fill(weights.begin(), weights.end(), 0.0);
        std::fill(lengths.begin(), lengths.end(), 0.0);
        const auto delta = static_cast<double>(in.delta(t, e));
        for (Index n = 0; n < N; ++n) {
            const double decay = std::exp(delta * static_cast<double>(in.A(e, n)));
            const auto out = static_cast<double>(in.C(t, n));
            double* row = left.data() + n * T;
            for (Index s = 0; s < t; ++s) {
                const double now = row[s] * decay;
                row[s] = std::abs(now) < nothing ? 0.0 : now;
            }
            row[t] = delta * static_cast<double>(in.B(t, n));
            for (Index s = 0; s <= t; ++s) {
                weights[static_cast<std::size_t>(s)] += out * row[s];
                lengths[static_cast<std::size_t>(s)] += row[s] * row[s];
            }
        }
        visit(t, weights, lengths);
    }
}

/// Lengths from their squares, in parts of what they were on the diagonal.
Tensor2 parts_of_diagonal(const std::vector<double>& squared, Index T) {
    Tensor2 parts = zeros<2>({T, T});
    for (Index s = 0; s < T; ++s) {
        const double written = squared[static_cast<std::size_t>(s * T + s)];
        if (written == 0.0) continue;
        for (Index t = s; t < T; ++t) {
            parts(t, s) = static_cast<Real>(
                std::sqrt(squared[static_cast<std::size_t>(t * T + s)] / written));
        }
    }
    return parts;
}

}  // namespace

std::optional<ScanInputs> scan_of(const Run& run, Index layer) {
    const auto* mamba = run.model ? dynamic_cast<const Mamba*>(run.model->language()) : nullptr;
    if (mamba == nullptr || layer < 0 || layer >= mamba->info().layers) return {};
    const auto u = table_of(run, layer, "ssm.conv"), delta = table_of(run, layer, "ssm.delta"),
               B = table_of(run, layer, "ssm.B"), C = table_of(run, layer, "ssm.C");
    if (!u || !delta || !B || !C) return {};
    const MambaBlock& block = mamba->weights().blocks[static_cast<std::size_t>(layer)];
    return ScanInputs{*u, *delta, block.A, *B, *C, block.D};
}

StateMoves moves_of(const Run& run, const std::stop_token& stop) {
    const Index L = run.model->info().layers, T = run.positions();
    StateMoves moves;
    auto share = std::make_shared<Tensor2>(zeros<2>({T, L}));
    moves.moved = zeros<2>({T, L});
    moves.length = zeros<2>({T, L});
    for (Index l = 0; l < L; ++l) {
        const auto scan = scan_of(run, l);
        if (!scan) return {};
        if (stop.stop_requested()) throw Stopped();
        const Tensor3 states = states_of(*scan);
        const std::size_t size = states.size() / static_cast<std::size_t>(T);
        std::vector<Real> difference(size);
        const std::vector<Real> nothing(size, Real{0});
        double before = 0.0;
        for (Index t = 0; t < T; ++t) {
            const Real* now = states.data() + static_cast<std::size_t>(t) * size;
            const Real* then = t == 0 ? nothing.data() : now - size;
            std::transform(now, now + size, then, difference.begin(), std::minus<>());
            const double moved = std::sqrt(squares(difference));
            const double length = std::sqrt(squares({now, size}));
            const double longer = std::max(before, length);
            moves.moved(t, l) = static_cast<Real>(moved);
            moves.length(t, l) = static_cast<Real>(length);
            (*share)(t, l) = static_cast<Real>(longer > 0.0 ? moved / longer : 0.0);
            before = length;
        }
    }
    moves.share = std::move(share);
    return moves;
}

LayerState layer_state(const ScanInputs& in, Index layer) {
    const Tensor3 states = states_of(in);
    const auto [T, E, N] = shape_of(states);
    Tensor2 lengths = zeros<2>({T, E});
    std::vector<Real> longest(static_cast<std::size_t>(E), Real{0});
    for (Index t = 0; t < T; ++t) {
        for (Index e = 0; e < E; ++e) {
            const Real* numbers = states.data() + (t * E + e) * N;
            const auto length =
                static_cast<Real>(std::sqrt(squares({numbers, static_cast<std::size_t>(N)})));
            lengths(t, e) = length;
            Real& most = longest[static_cast<std::size_t>(e)];
            most = std::max(most, length);
        }
    }
    LayerState state;
    state.layer = layer;
    state.order.resize(static_cast<std::size_t>(E));
    std::iota(state.order.begin(), state.order.end(), Index{0});
    std::stable_sort(state.order.begin(), state.order.end(), [&](Index a, Index b) {
        return longest[static_cast<std::size_t>(a)] > longest[static_cast<std::size_t>(b)];
    });
    auto sorted = std::make_shared<Tensor2>(zeros<2>({T, E}));
    for (Index t = 0; t < T; ++t) {
        for (Index i = 0; i < E; ++i)
            (*sorted)(t, i) = lengths(t, state.order[static_cast<std::size_t>(i)]);
    }
    std::vector<Real> all(lengths.begin(), lengths.end());
    const auto usual = all.begin() + static_cast<std::ptrdiff_t>(all.size() * 98 / 100);
    std::nth_element(all.begin(), usual, all.end());
    state.usual = std::max(*usual, Real{1e-6F});
    state.lengths = std::move(sorted);
    for (Index t = 0; t < T; ++t) {
        double sum = 0.0;
        for (Index e = 0; e < E; ++e) sum += static_cast<double>(in.delta(t, e));
        state.steps.push_back(static_cast<Real>(sum / static_cast<double>(E)));
    }
    return state;
}

std::shared_ptr<const Tensor2> channel_numbers(const ScanInputs& in, Index channel) {
    const Tensor3 states = states_of(channel_of(in, channel));
    auto numbers = std::make_shared<Tensor2>(zeros<2>({in.B.shape[0], in.B.shape[1]}));
    std::copy(states.begin(), states.end(), numbers->begin());
    return numbers;
}

Remembered remembered(const ScanInputs& in, const std::stop_token& stop) {
    const Index T = in.u.shape[0], E = in.u.shape[1];
    // [T, T], squared: of what is left of s in the state, and of what s has in what comes out
    std::vector<double> left(static_cast<std::size_t>(T * T), 0.0), out = left;
    for (Index e = 0; e < E; ++e) {
        if (stop.stop_requested()) throw Stopped();
        walk_channel(
            in, e,
            [&](Index t, const std::vector<double>& weights, const std::vector<double>& lengths) {
                for (Index s = 0; s <= t; ++s) {
                    const auto i = static_cast<std::size_t>(s);
                    const auto at = static_cast<std::size_t>(t * T + s);
                    const auto u = static_cast<double>(in.u(s, e));
                    left[at] += lengths[i] * u * u;
                    out[at] += weights[i] * u * weights[i] * u;
                }
            });
    }
    Remembered result{parts_of_diagonal(left, T), zeros<2>({T, T})};
    for (Index t = 0; t < T; ++t) {
        double sum = 0.0;
        for (Index s = 0; s <= t; ++s) sum += std::sqrt(out[static_cast<std::size_t>(t * T + s)]);
        if (sum == 0.0) continue;
        for (Index s = 0; s <= t; ++s) {
            const double part = std::sqrt(out[static_cast<std::size_t>(t * T + s)]);
            result.share(t, s) = static_cast<Real>(part / sum);
        }
    }
    return result;
}

RememberedChannel remembered(const ScanInputs& in, Index channel) {
    const Index T = in.u.shape[0];
    std::vector<double> left(static_cast<std::size_t>(T * T), 0.0);
    RememberedChannel result{{}, zeros<2>({T, T})};
    walk_channel(
        in, channel,
        [&](Index t, const std::vector<double>& weights, const std::vector<double>& lengths) {
            for (Index s = 0; s <= t; ++s) {
                const auto i = static_cast<std::size_t>(s);
                left[static_cast<std::size_t>(t * T + s)] = lengths[i];
                result.weights(t, s) = static_cast<Real>(weights[i]);
            }
        });
    result.kept = parts_of_diagonal(left, T);
    return result;
}

Index half_gone(const Tensor2& kept, Index s) {
    const auto T = static_cast<Index>(kept.shape()[0]);
    for (Index t = s; t < T; ++t) {
        if (kept(t, s) < Real{0.5}) return t - s;
    }
    return -1;
}

}  // namespace vitrine::viz

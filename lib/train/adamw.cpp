#include "train/adamw.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tensor/error.h"

namespace vitrine::train {

namespace {

void step_range(Real* p, const Real* g, Real* m, Real* v, Index count, double learning_rate,
                double decay, const AdamWOptions& options, Index step) {
    const auto b1 = static_cast<Real>(options.beta1), b2 = static_cast<Real>(options.beta2);
    const double correction1 = 1 - std::pow(options.beta1, static_cast<double>(step));
    const double correction2 = 1 - std::pow(options.beta2, static_cast<double>(step));
    const auto size = static_cast<Real>(learning_rate / correction1);
    const auto root = static_cast<Real>(1 / std::sqrt(correction2));
    const auto keep = static_cast<Real>(1 - learning_rate * decay);
    const auto epsilon = static_cast<Real>(options.epsilon);
#pragma omp parallel for simd schedule(static) if (count > (1 << 15))
    for (Index i = 0; i < count; ++i) {
        m[i] = b1 * m[i] + (1 - b1) * g[i];
        v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
        p[i] = keep * p[i] - size * m[i] / (std::sqrt(v[i]) * root + epsilon);
    }
}

}  // namespace

void AdamWState::begin_step(std::size_t size) {
    if (step == 0) {
        mean.assign(size, 0);
        square.assign(size, 0);
    }
    if (mean.size() != size || square.size() != size) {
        throw ArgumentError("optimizer state", std::to_string(size) + " parameters",
                            std::to_string(mean.size()));
    }
    ++step;
}

void adamw_step(std::span<Real> values, std::span<const Real> grads, AdamWState& state,
                double learning_rate, const AdamWOptions& options, std::span<const Index> decays) {
    const std::size_t size = values.size();
    if (grads.size() != size) {
        throw ArgumentError("gradients", std::to_string(size) + " parameters",
                            std::to_string(grads.size()));
    }
    state.begin_step(size);
    const auto range = [&](Index begin, Index end, double decay) {
        step_range(values.data() + begin, grads.data() + begin, state.mean.data() + begin,
                   state.square.data() + begin, end - begin, learning_rate, decay, options,
                   state.step);
    };
    Index at = 0;
    for (std::size_t i = 0; i + 1 < decays.size(); i += 2) {
        range(at, decays[i], 0.0);
        range(decays[i], decays[i + 1], options.weight_decay);
        at = decays[i + 1];
    }
    range(at, static_cast<Index>(size), 0.0);
}

void adamw_range(std::span<Real> values, std::span<const Real> grads, std::span<Real> mean,
                 std::span<Real> square, Index step, double learning_rate,
                 const AdamWOptions& options) {
    const std::size_t size = values.size();
    for (const std::size_t other : {grads.size(), mean.size(), square.size()}) {
        if (other == size) continue;
        throw ArgumentError("gradients and averages", std::to_string(size) + " parameters",
                            std::to_string(other));
    }
    step_range(values.data(), grads.data(), mean.data(), square.data(), static_cast<Index>(size),
               learning_rate, options.weight_decay, options, step);
}

double clip_by_norm(std::span<Real> grads, double most) {
    double squares = 0;
    constexpr std::size_t piece = 4096;  // added up in pieces: the same in every run
    const auto pieces = static_cast<Index>((grads.size() + piece - 1) / piece);
    std::vector<double> sums(static_cast<std::size_t>(pieces));
#pragma omp parallel for schedule(static)
    for (Index i = 0; i < pieces; ++i) {
        const std::size_t begin = static_cast<std::size_t>(i) * piece;
        double sum = 0;
        for (const Real g : grads.subspan(begin, std::min(piece, grads.size() - begin)))
            sum += static_cast<double>(g) * static_cast<double>(g);
        sums[static_cast<std::size_t>(i)] = sum;
    }
    for (const double sum : sums) squares += sum;
    const double norm = std::sqrt(squares);
    if (most <= 0 || norm <= most) return norm;
    const auto factor = static_cast<Real>(most / (norm + 1e-6));  // as torch does
    const auto count = static_cast<Index>(grads.size());
    Real* g = grads.data();
#pragma omp parallel for simd schedule(static)
    for (Index i = 0; i < count; ++i) g[i] *= factor;
    return norm;
}

double Schedule::at(Index step) const {
    const double warm =
        warm_up == 0 ? 1.0
                     : std::min(1.0, static_cast<double>(step + 1) / static_cast<double>(warm_up));
    const double done = static_cast<double>(step) / static_cast<double>(std::max<Index>(1, steps));
    const double cosine = 0.5 * (1 + std::cos(std::numbers::pi * std::min(1.0, done)));
    return peak * warm * (floor + (1 - floor) * cosine);
}

}  // namespace vitrine::train

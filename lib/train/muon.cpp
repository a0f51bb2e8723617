#include "train/muon.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/matmul.h"

namespace vitrine::train {

namespace {

constexpr Real momentum = 0.95F;

/// GPT-2's blocks: "transformer.h.3.attn.c_attn.weight".
bool is_matrix_of_block(const Parameter& parameter) {
    return parameter.shape.size() == 2 && parameter.name.find(".h.") != std::string::npos;
}

/// A matrix [rows, columns] in place; `blocks` of columns are orthogonalised each on its own.
void step_matrix(Real* values, const Real* grads, Real* mean, Index rows, Index columns,
                 Index blocks, double learning_rate, double decay) {
    const auto keep = static_cast<Real>(1 - learning_rate * decay);
    const Index width = columns / blocks;
    const auto size = static_cast<Real>(learning_rate * 0.2 *
                                        std::sqrt(static_cast<double>(std::max(rows, width))));
    std::vector<Real> step(static_cast<std::size_t>(rows * width));
    for (Index block = 0; block < blocks; ++block) {
        const Index begin = block * width;
        for (Index r = 0; r < rows; ++r) {
            Real* out = step.data() + r * width;
            Real* m = mean + r * columns + begin;
            const Real* g = grads + r * columns + begin;
            for (Index c = 0; c < width; ++c) {
                m[c] = momentum * m[c] + (1 - momentum) * g[c];
                out[c] = momentum * m[c] + (1 - momentum) * g[c];  // Nesterov
            }
        }
        orthogonalize(step, rows, width);
        for (Index r = 0; r < rows; ++r) {
            Real* w = values + r * columns + begin;
            const Real* change = step.data() + r * width;
            for (Index c = 0; c < width; ++c) w[c] = keep * w[c] - size * change[c];
        }
    }
}

}  // namespace

void orthogonalize(std::span<Real> x, Index rows, Index columns) {
    double squares = 0;
    for (const Real value : x) squares += static_cast<double>(value) * static_cast<double>(value);
    if (squares == 0) return;
    const auto scale = static_cast<Real>(1 / std::sqrt(squares));
    for (Real& value : x) value *= scale;

    // The polynomial a x + b x^3 + c x^5 of the singular values, on the smaller side.
    constexpr Real a = 3.4445F, b = -4.7750F, c = 2.0315F;
    const bool wide = rows <= columns;
    const Index n = wide ? rows : columns;
    std::vector<Real> gram(static_cast<std::size_t>(n * n)), factor(gram.size()), next(x.size());
    for (int step = 0; step < 5; ++step) {
        if (wide)
            sgemm(false, true, n, n, columns, x.data(), columns, x.data(), columns, gram.data(), n);
        else
            sgemm(true, false, n, n, rows, x.data(), columns, x.data(), columns, gram.data(), n);
        sgemm(false, false, n, n, n, gram.data(), n, gram.data(), n, factor.data(), n);
        for (std::size_t i = 0; i < gram.size(); ++i) factor[i] = b * gram[i] + c * factor[i];
        for (Index i = 0; i < n; ++i) factor[static_cast<std::size_t>(i * n + i)] += a;
        if (wide)
            sgemm(false, false, n, columns, n, factor.data(), n, x.data(), columns, next.data(),
                  columns);
        else
            sgemm(false, false, rows, n, n, x.data(), n, factor.data(), n, next.data(), n);
        std::copy(next.begin(), next.end(), x.begin());
    }
}

void muon_step(Parameters& parameters, AdamWState& state, double learning_rate,
               const AdamWOptions& options) {
    state.begin_step(parameters.values().size());
    for (const Parameter& parameter : parameters.list()) {
        const auto begin = static_cast<std::size_t>(parameter.begin);
        const auto count = static_cast<std::size_t>(parameter.size);
        const double decay = parameter.shape.size() == 2 ? options.weight_decay : 0.0;
        if (is_matrix_of_block(parameter)) {
            // Queries, keys and values stand side by side.
            const Index blocks = parameter.name.ends_with("attn.c_attn.weight") ? 3 : 1;
            step_matrix(parameters.values().data() + begin, parameters.grads().data() + begin,
                        state.mean.data() + begin, parameter.shape[0], parameter.shape[1], blocks,
                        learning_rate, decay);
        } else {
            AdamWOptions own = options;
            own.weight_decay = decay;
            adamw_range(
                parameters.values().subspan(begin, count), parameters.grads().subspan(begin, count),
                std::span(state.mean).subspan(begin, count),
                std::span(state.square).subspan(begin, count), state.step, learning_rate, own);
        }
    }
}

}  // namespace vitrine::train

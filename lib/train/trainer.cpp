#include "train/trainer.h"

#include <algorithm>
#include <cmath>

#include "tensor/error.h"

namespace vitrine::train {

namespace {
bool all_finite(std::span<const Real> values) {
    return std::all_of(values.begin(), values.end(), [](Real x) { return std::isfinite(x); });
}
}  // namespace

Index Batch::counted() const {
    return std::count_if(targets.begin(), targets.end(), [](int target) { return target >= 0; });
}

std::vector<int> next_tokens(std::span<const int> ids, Index T) {
    std::vector<int> targets(ids.size(), -1);
    for (std::size_t n = 0; n + 1 < ids.size(); ++n) {
        if (static_cast<Index>(n) % T != T - 1) targets[n] = ids[n + 1];
    }
    return targets;
}

Batch next_token_batch(std::vector<int> ids, Index T) {
    std::vector<int> targets = next_tokens(ids, T);
    return {std::move(ids), std::move(targets), T, {}};
}

void check_rows(std::span<const int> ids, Index T, Index positions, Index vocabulary) {
    if (T < 1 || T > positions) {
        throw ArgumentError("length", "1 to " + std::to_string(positions) + " positions",
                            std::to_string(T));
    }
    if (ids.empty() || static_cast<Index>(ids.size()) % T != 0) {
        throw ArgumentError("batch", "rows of " + std::to_string(T) + " ids",
                            std::to_string(ids.size()) + " ids");
    }
    for (const int id : ids) {
        if (id >= 0 && id < vocabulary) continue;
        throw ArgumentError("id", "0 to " + std::to_string(vocabulary - 1), std::to_string(id));
    }
}

void check_targets(const Batch& batch) {
    if (batch.targets.size() == batch.ids.size()) return;
    throw ArgumentError("targets", "one for each of " + std::to_string(batch.ids.size()) + " ids",
                        std::to_string(batch.targets.size()));
}

const char* activation_name(Activate kind) {
    switch (kind) {
        case Activate::gelu_tanh: return "gelu_new";
        case Activate::gelu_exact: return "gelu";
        case Activate::silu: return "silu";
        case Activate::quick_gelu: return "quick_gelu";
        case Activate::relu: return "relu";
    }
    return "";
}

std::string Trainer::first_not_finite() const {
    const auto& list = parameters_.list();
    for (const Parameter& parameter : list) {
        if (!all_finite(parameter.in(parameters_.values()))) return parameter.name;
    }
    for (const Named& each : activations()) {
        if (!all_finite(each.values)) return each.name;
    }
    // The backward pass begins at the last parameter.
    for (auto parameter = list.rbegin(); parameter != list.rend(); ++parameter) {
        if (!all_finite(parameter->in(parameters_.grads())))
            return "the gradient of " + parameter->name;
    }
    return {};
}

}  // namespace vitrine::train

#include "generate/sampling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "tensor/error.h"

namespace vitrine {

namespace {

constexpr Real ruled_out = -std::numeric_limits<Real>::infinity();

std::vector<double> softmax(std::span<const Real> logits) {
    const Real largest = *std::max_element(logits.begin(), logits.end());
    std::vector<double> probabilities(logits.size());
    double sum = 0.0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        probabilities[i] = std::exp(static_cast<double>(logits[i]) - static_cast<double>(largest));
        sum += probabilities[i];
    }
    for (double& probability : probabilities) probability /= sum;
    return probabilities;
}

void require(bool right, const char* name, const char* range, double value) {
    if (!right) throw ArgumentError(name, range, std::to_string(value));
}

}  // namespace

void check_sampling(const Sampling& options) {
    require(options.temperature >= 0 && std::isfinite(options.temperature), "temperature",
            "a number of 0 or more", options.temperature);
    require(options.top_k >= 0, "top-k", "a whole number of 0 or more", options.top_k);
    require(options.top_p > 0 && options.top_p <= 1, "top-p", "a number above 0, up to 1",
            options.top_p);
    require(options.min_p >= 0 && options.min_p <= 1, "min-p", "a number from 0 to 1",
            options.min_p);
    require(options.repetition_penalty > 0 && std::isfinite(options.repetition_penalty),
            "repetition-penalty", "a number above 0", options.repetition_penalty);
    require(options.no_repeat_ngram >= 0, "no-repeat-ngram", "a whole number of 0 or more",
            options.no_repeat_ngram);
}

void check_logits(std::span<const Real> logits) {
    constexpr Real infinity = std::numeric_limits<Real>::infinity();
    bool broken = false, chosen = false;
    for (const Real logit : logits) {
        broken = broken || std::isnan(logit) || logit == infinity;
        chosen = chosen || logit > -infinity;
    }
    if (broken) {
        throw Error("logits", "finite numbers", "NaN or infinity", "are the weights whole?");
    }
    if (!chosen) {
        throw ArgumentError("logits", "a token that may come next", "all ruled out",
                            "a larger no-repeat-ngram, or 0, leaves some");
    }
}

void apply_temperature(std::span<Real> logits, float temperature) {
    for (Real& logit : logits) logit /= temperature;
}

void apply_top_k(std::span<Real> logits, int k) {
    if (k <= 0 || static_cast<std::size_t>(k) >= logits.size()) return;
    std::vector<Real> sorted(logits.begin(), logits.end());
    std::nth_element(sorted.begin(), sorted.begin() + (k - 1), sorted.end(), std::greater<>());
    const Real least = sorted[static_cast<std::size_t>(k - 1)];
    for (Real& logit : logits) {
        if (logit < least) logit = ruled_out;
    }
}

void apply_top_p(std::span<Real> logits, float p) {
    if (p >= 1) return;
    const std::vector<double> probabilities = softmax(logits);
    std::vector<std::size_t> order(logits.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return probabilities[a] > probabilities[b];
    });
    // The token with which the sum reaches p stays; the likeliest always does.
    double before = 0.0;
    for (const std::size_t id : order) {
        if (before >= static_cast<double>(p)) logits[id] = ruled_out;
        before += probabilities[id];
    }
}

void apply_min_p(std::span<Real> logits, float p) {
    if (p <= 0) return;
    const std::vector<double> probabilities = softmax(logits);
    const double least =
        static_cast<double>(p) * *std::max_element(probabilities.begin(), probabilities.end());
    for (std::size_t id = 0; id < logits.size(); ++id) {
        if (probabilities[id] < least) logits[id] = ruled_out;
    }
}

void apply_repetition_penalty(std::span<Real> logits, std::span<const int> seen, float penalty) {
    if (penalty == 1) return;
    std::vector<int> once(seen.begin(), seen.end());
    std::sort(once.begin(), once.end());
    once.erase(std::unique(once.begin(), once.end()), once.end());
    for (const int id : once) {
        Real& logit = logits[static_cast<std::size_t>(id)];
        logit = logit < 0 ? logit * penalty : logit / penalty;
    }
}

void apply_no_repeat_ngram(std::span<Real> logits, std::span<const int> seen, int n) {
    const auto size = static_cast<std::size_t>(n);
    if (n <= 0 || seen.size() + 1 < size) return;
    const auto prefix = seen.subspan(seen.size() - (size - 1));
    for (std::size_t at = 0; at + size <= seen.size(); ++at) {
        if (std::equal(prefix.begin(), prefix.end(),
                       seen.begin() + static_cast<std::ptrdiff_t>(at))) {
            logits[static_cast<std::size_t>(seen[at + size - 1])] = ruled_out;
        }
    }
}

std::vector<Real> next_token_probabilities(std::span<const Real> logits, std::span<const int> seen,
                                           const Sampling& options) {
    std::vector<Real> changed(logits.begin(), logits.end());
    apply_repetition_penalty(changed, seen, options.repetition_penalty);
    apply_no_repeat_ngram(changed, seen, options.no_repeat_ngram);
    check_logits(changed);
    const auto likeliest = std::max_element(changed.begin(), changed.end());
    if (options.temperature == 0) {
        const auto id = static_cast<std::size_t>(likeliest - changed.begin());
        std::fill(changed.begin(), changed.end(), Real{0});
        changed[id] = 1;
        return changed;
    }
    // The softmax does not mind a constant; with 0 as the largest, a tiny temperature can't
    // overflow.
    const Real largest = *likeliest;
    for (Real& logit : changed) logit -= largest;
    apply_temperature(changed, options.temperature);
    apply_top_k(changed, options.top_k);
    apply_top_p(changed, options.top_p);
    apply_min_p(changed, options.min_p);
    const std::vector<double> probabilities = softmax(changed);
    return {probabilities.begin(), probabilities.end()};
}

}  // namespace vitrine

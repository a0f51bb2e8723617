#include "viz/views/next_distribution.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "viz/views/likeliest.h"

namespace vitrine::viz {

namespace {

/// Where each cut falls. All processors work on one copy, in the order that sampling applies them.
struct Processed {
    std::vector<double> tempered;
    std::vector<Cut> cuts;
};

Processed process(std::span<const Real> logits, std::span<const int> seen,
                  const Sampling& sampling) {
    std::vector<Real> work(logits.begin(), logits.end());
    Processed result;
    result.cuts.assign(work.size(), Cut::none);
    const auto mark = [&](Cut cut) {
        for (std::size_t i = 0; i < work.size(); ++i) {
            if (result.cuts[i] == Cut::none && std::isinf(work[i])) result.cuts[i] = cut;
        }
    };
    if (sampling.repetition_penalty != 1.0F) {
        apply_repetition_penalty(work, seen, sampling.repetition_penalty);
    }
    if (sampling.no_repeat_ngram > 0) apply_no_repeat_ngram(work, seen, sampling.no_repeat_ngram);
    mark(Cut::ngram);
    if (sampling.temperature > 0.0F) apply_temperature(work, sampling.temperature);
    result.tempered = softmax(work);
    if (sampling.temperature <= 0.0F) {
        const auto best =
            static_cast<std::size_t>(std::max_element(work.begin(), work.end()) - work.begin());
        for (std::size_t i = 0; i < work.size(); ++i) {
            if (i != best) work[i] = -std::numeric_limits<Real>::infinity();
        }
        mark(Cut::temperature);
        return result;
    }
    if (sampling.top_k > 0) apply_top_k(work, sampling.top_k);
    mark(Cut::top_k);
    if (sampling.top_p < 1.0F) apply_top_p(work, sampling.top_p);
    mark(Cut::top_p);
    if (sampling.min_p > 0.0F) apply_min_p(work, sampling.min_p);
    mark(Cut::min_p);
    return result;
}

Index rank_of(std::span<const Real> logits, int id) {
    const Real value = logits[static_cast<std::size_t>(id)];
    return 1 +
           std::count_if(logits.begin(), logits.end(), [&](Real other) { return other > value; });
}

}  // namespace

Distribution next_distribution(std::span<const Real> logits, std::span<const int> seen,
                               const Sampling& sampling, Index count, int actual) {
    Distribution result;
    if (logits.empty()) return result;
    const std::vector<double> model = softmax(logits);
    const Processed processed = process(logits, seen, sampling);
    const std::vector<Real> final = next_token_probabilities(logits, seen, sampling);

    const std::vector<int> order = largest_first<double>(
        processed.tempered, static_cast<std::size_t>(std::max<Index>(0, count)));
    double cumulative = 0.0, drawn = 0.0;
    for (const int id : order) {
        const auto at = static_cast<std::size_t>(id);
        cumulative += processed.tempered[at];
        drawn += static_cast<double>(final[at]);
        result.likeliest.push_back({id, model[at], processed.tempered[at],
                                    static_cast<double>(final[at]), cumulative, drawn,
                                    final[at] > 0 ? Cut::none : processed.cuts[at]});
    }
    for (const Real p : final) {
        if (p <= 0) continue;
        ++result.kept;
        result.entropy -= static_cast<double>(p) * std::log2(static_cast<double>(p));
    }
    result.perplexity = std::exp2(result.entropy);
    if (actual >= 0 && static_cast<std::size_t>(actual) < logits.size()) {
        result.actual_rank = rank_of(logits, actual);
        result.actual_probability = model[static_cast<std::size_t>(actual)];
    }
    return result;
}

bool same_sampling(const Sampling& a, const Sampling& b) {
    return a.temperature == b.temperature && a.top_k == b.top_k && a.top_p == b.top_p &&
           a.min_p == b.min_p && a.repetition_penalty == b.repetition_penalty &&
           a.no_repeat_ngram == b.no_repeat_ngram;
}

}  // namespace vitrine::viz

// Beam search as transformers does it: 2 x beams candidates a step; a candidate that ends is set
// aside with its score; the search ends when no open beam can beat the worst that was set aside.
#include <algorithm>
#include <numeric>

#include "generate/generate.h"
#include "kernels/elementwise.h"
#include "tensor/error.h"

namespace vitrine {

namespace {

struct OpenBeam {
    std::vector<int> ids;
    double score = 0.0;  // sum of log probabilities of the new tokens
    State state;
};

struct Candidate {
    std::size_t beam = 0;
    int id = 0;
    double score = 0.0;
};

std::vector<double> log_softmax(std::span<const Real> logits) {
    const double norm = log_sum_exp(logits);
    std::vector<double> logs(logits.size());
    for (std::size_t i = 0; i < logits.size(); ++i) logs[i] = static_cast<double>(logits[i]) - norm;
    return logs;
}

/// Log probabilities after the processors that change scores (penalty, n-grams).
std::vector<double> scores_of(const Tensor2& logits, const OpenBeam& beam,
                              const Sampling& sampling) {
    check_logits({logits.data(), logits.size()});
    std::vector<double> logs = log_softmax({logits.data(), logits.size()});
    std::vector<Real> processed(logs.begin(), logs.end());
    const bool changed = sampling.repetition_penalty != 1 || sampling.no_repeat_ngram > 0;
    if (!changed) return logs;
    apply_repetition_penalty(processed, beam.ids, sampling.repetition_penalty);
    apply_no_repeat_ngram(processed, beam.ids, sampling.no_repeat_ngram);
    return {processed.begin(), processed.end()};
}

/// The `count` best continuations of all open beams, best first.
std::vector<Candidate> best_candidates(const std::vector<OpenBeam>& beams,
                                       const std::vector<std::vector<double>>& scores,
                                       std::size_t count) {
    std::vector<Candidate> all;
    for (std::size_t b = 0; b < beams.size(); ++b) {
        std::vector<int> order(scores[b].size());
        std::iota(order.begin(), order.end(), 0);
        const auto middle =
            order.begin() + static_cast<std::ptrdiff_t>(std::min(count, order.size()));
        std::partial_sort(order.begin(), middle, order.end(), [&](int x, int y) {
            const double a = scores[b][static_cast<std::size_t>(x)];
            const double c = scores[b][static_cast<std::size_t>(y)];
            return a != c ? a > c : x < y;
        });
        for (auto id = order.begin(); id != middle; ++id) {
            all.push_back({b, *id, beams[b].score + scores[b][static_cast<std::size_t>(*id)]});
        }
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
    if (all.size() > count) all.resize(count);
    return all;
}

void set_aside(std::vector<Beam>& finished, std::vector<int> ids, double score, std::size_t made,
               std::size_t most) {
    finished.push_back(
        {std::move(ids), score / static_cast<double>(std::max<std::size_t>(made, 1))});
    std::stable_sort(finished.begin(), finished.end(),
                     [](const Beam& a, const Beam& b) { return a.score > b.score; });
    if (finished.size() > most) finished.resize(most);
}

void check(const LanguageModel& model, const std::vector<int>& prompt,
           const GenerateOptions& options) {
    const Index positions = model.info().max_positions;
    if (prompt.empty()) throw ArgumentError("prompt", "at least one token", "none");
    if (static_cast<Index>(prompt.size()) > positions) {
        throw ArgumentError("prompt", "at most " + std::to_string(positions) + " tokens",
                            std::to_string(prompt.size()), "shorten the prompt");
    }
    if (options.beams < 1) {
        throw ArgumentError("beams", "a whole number of 1 or more", std::to_string(options.beams));
    }
}

std::vector<int> with(std::vector<int> ids, int id) {
    ids.push_back(id);
    return ids;
}

}  // namespace

std::vector<Beam> beam_search(const LanguageModel& model, const std::vector<int>& prompt,
                              const GenerateOptions& options, const Parts& parts,
                              const std::stop_token& stop) {
    check(model, prompt, options);
    const auto most = static_cast<std::size_t>(options.beams);
    const int eos = options.ignore_eos ? -1 : model.info().eos_id;
    const auto room = static_cast<std::size_t>(std::max<Index>(
        0, std::min(options.max_new_tokens,
                    model.info().max_positions - static_cast<Index>(prompt.size()) + 1)));
    std::vector<OpenBeam> open{{prompt, 0.0, model.new_state()}};
    std::vector<Beam> finished;
    for (std::size_t step = 0; step < room && !open.empty(); ++step) {
        std::vector<Sequence> batch;
        batch.reserve(open.size());
        for (OpenBeam& beam : open) {
            batch.push_back(
                {std::span(beam.ids).subspan(static_cast<std::size_t>(beam.state.length)),
                 &beam.state});
        }
        const std::vector<Tensor2> logits = model.forward(batch, Logits::last, parts, stop);
        std::vector<std::vector<double>> scores;
        for (std::size_t b = 0; b < open.size(); ++b) {
            scores.push_back(scores_of(logits[b], open[b], options.sampling));
        }
        std::vector<OpenBeam> next;
        const auto candidates = best_candidates(open, scores, 2 * most);
        for (std::size_t rank = 0; rank < candidates.size() && next.size() < most; ++rank) {
            const Candidate& c = candidates[rank];
            if (c.id == eos) {
                if (rank < most)
                    set_aside(finished, with(open[c.beam].ids, c.id), c.score, step + 1, most);
                continue;
            }
            next.push_back({with(open[c.beam].ids, c.id), c.score, open[c.beam].state});
        }
        open = std::move(next);
        const bool enough =
            finished.size() == most && !open.empty() &&
            finished.back().score >= open.front().score / static_cast<double>(step + 1);
        if (enough) open.clear();
    }
    for (const OpenBeam& beam : open) {
        set_aside(finished, beam.ids, beam.score, beam.ids.size() - prompt.size(), most);
    }
    return finished;
}

}  // namespace vitrine

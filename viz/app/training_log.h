// What a training run has written to its log.jsonl so far (docs/training.md), and its curves.
#pragma once

#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace vitrine::viz {

/// One line of "step": means and norms since the line before.
struct LoggedStep {
    Index step = 0;
    Real loss = 0, learning_rate = 0;
    Real grad_norm = 0;            // of all gradients, before clipping
    std::vector<Real> grad_norms;  // of each of TrainingLog::groups, after it
    double seconds = 0, tokens_per_second = 0;
};

struct LoggedValidation {
    Index step = 0;
    Real loss = 0, bits_per_byte = 0;
};

/// Equal bins from -largest to largest.
struct LoggedHistogram {
    Real largest = 0;
    std::vector<Index> counts;
};

struct LoggedGroup {
    LoggedHistogram weights, gradients;
};

/// One line of "detail".
struct LoggedDetail {
    Index step = 0;
    std::vector<LoggedGroup> groups;  // as TrainingLog::groups
};

struct LoggedSample {
    Index step = 0;
    std::string prompt, text;
};

struct TrainingLog {
    Index total_steps = 0, parameters = 0;
    Index training_tokens = 0, training_bytes = 0, documents = 0;
    std::vector<std::string> groups;  // "embed", "blocks.0", ..., "ln_final"
    std::vector<LoggedStep> steps;
    std::vector<LoggedValidation> validations;
    std::vector<LoggedDetail> details;
    std::vector<LoggedSample> samples;
    bool ended = false;
    std::string not_finite;  // the first tensor that was not; empty: all were
    Index broken_lines = 0;  // that were no JSON

    Index last_step() const { return steps.empty() ? 0 : steps.back().step; }
};

/// Takes whole lines from the front of `text`, which keeps the rest. A line that is broken is
/// counted and skipped; one that begins anew at a step forgets what was logged after it.
void read_training_log(std::string& text, TrainingLog& log);

/// Lines over the steps: point i stands for the steps up to (i + 1) * stride. NaN: nothing there.
struct TrainingCurves {
    Index stride = 1;
    Index points = 0;  // of the whole run
    std::vector<Real> loss, validation, learning_rate, grad_norm;
    std::vector<std::vector<Real>> grad_norms;  // of each group
    float loss_low = 0, loss_high = 1, rate_high = 1, norm_high = 1;

    /// The point that a step belongs to.
    Index point_of(Index step) const { return (step + stride - 1) / stride - 1; }
};

/// Means where a long run has more than `most` points.
TrainingCurves curves_of(const TrainingLog& log, Index most = 600);

/// The newest entry of a step that is not after `step`; null if there is none.
template <class Entry>
const Entry* newest_until(const std::vector<Entry>& entries, Index step) {
    const Entry* found = nullptr;
    for (const Entry& each : entries) {
        if (each.step > step) break;
        found = &each;
    }
    return found;
}

}  // namespace vitrine::viz

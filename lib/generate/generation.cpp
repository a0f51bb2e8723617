#include <algorithm>
#include <utility>

#include "generate/generate.h"
#include "tensor/error.h"

namespace vitrine {

namespace {

/// The token at which the running sum of probabilities passes `draw` in [0, 1).
int pick(std::span<const Real> probabilities, double draw) {
    double sum = 0.0;
    int last = 0;
    for (std::size_t id = 0; id < probabilities.size(); ++id) {
        if (probabilities[id] <= 0) continue;
        sum += static_cast<double>(probabilities[id]);
        last = static_cast<int>(id);
        if (draw < sum) return last;
    }
    return last;  // the sum was a rounding below 1
}

}  // namespace

Generation::Generation(const LanguageModel& model, std::vector<int> prompt, Sampling options,
                       const Parts& parts)
    : model_(&model),
      parts_(&parts),
      options_(options),
      random_(options.seed),
      state_(model.new_state()),
      ids_(std::move(prompt)) {
    check_sampling(options_);
    if (ids_.empty()) {
        throw ArgumentError("prompt", "at least one token", "none", "give a text to go on from");
    }
    if (static_cast<Index>(ids_.size()) > model.info().max_positions) {
        throw ArgumentError("prompt",
                            "at most " + std::to_string(model.info().max_positions) + " tokens",
                            std::to_string(ids_.size()), "shorten the prompt");
    }
}

bool Generation::full() const {
    return static_cast<Index>(ids_.size()) > model_->info().max_positions;
}

int Generation::next(std::stop_token stop) {
    if (full()) {
        throw ArgumentError(
            "generation", "at most " + std::to_string(model_->info().max_positions) + " positions",
            "one more");
    }
    const std::span<const int> unseen =
        std::span(ids_).subspan(static_cast<std::size_t>(state_.length));
    const Sequence sequence{unseen, &state_};
    const Tensor2 logits =
        model_->forward({&sequence, 1}, Logits::last, *parts_, std::move(stop)).front();
    return next_from({logits.data(), logits.size()});
}

int Generation::next_from(std::span<const Real> logits) {
    probabilities_ = next_token_probabilities(logits, ids_, options_);
    const int id =
        options_.temperature == 0
            ? static_cast<int>(std::max_element(probabilities_.begin(), probabilities_.end()) -
                               probabilities_.begin())
            : pick(probabilities_, random_.uniform());
    ids_.push_back(id);
    return id;
}

}  // namespace vitrine

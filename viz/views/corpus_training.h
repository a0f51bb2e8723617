// BPE trained on a small corpus with the module of chapter 01, kept step by step. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chapters/01_tokenization/tokenization.h"
#include "tensor/tensor.h"

namespace vitrine::viz {

/// A pair and how often it stands in the corpus.
struct PairCount {
    chapters::Pair pair;
    int count = 0;
};

/// The corpus after some merges, and what the next one chooses from.
struct TrainingStep {
    std::vector<int> ids;
    std::vector<PairCount> best;  // the most frequent first, of equals the smaller ids; at most 8
};

class CorpusTraining {
   public:
    static constexpr std::size_t most_bytes = 1200;  // longer ones take longer than a frame
    static constexpr int most_merges = 40;

    CorpusTraining() = default;
    explicit CorpusTraining(std::string_view text);

    int merges() const { return static_cast<int>(rules_.size()); }
    const std::vector<chapters::Pair>& rules() const { return rules_; }
    /// The corpus after the first `count` merges, 0 to merges().
    const TrainingStep& after(int count) const {
        return steps_.at(static_cast<std::size_t>(count));
    }
    /// The bytes a token stands for.
    const std::string& bytes(int id) const { return bytes_.at(static_cast<std::size_t>(id)); }
    bool cut() const { return cut_; }  // only the beginning of the text was used

   private:
    std::vector<chapters::Pair> rules_;
    std::vector<TrainingStep> steps_;
    std::vector<std::string> bytes_;
    bool cut_ = false;
};

}  // namespace vitrine::viz

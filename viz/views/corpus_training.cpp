#include "viz/views/corpus_training.h"

#include <algorithm>

namespace vitrine::viz {

namespace {

/// At most `most` bytes, not in the middle of a character.
std::string_view beginning(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
    return text.substr(0, most);
}

TrainingStep make_step(std::vector<int> ids) {
    TrainingStep step;
    for (const auto& [pair, count] : chapters::count_pairs(ids)) step.best.push_back({pair, count});
    std::stable_sort(step.best.begin(), step.best.end(),
                     [](const PairCount& a, const PairCount& b) { return a.count > b.count; });
    if (step.best.size() > 8) step.best.resize(8);
    step.ids = std::move(ids);
    return step;
}

}  // namespace

CorpusTraining::CorpusTraining(std::string_view text) {
    const std::string_view corpus = beginning(text, most_bytes);
    cut_ = corpus.size() < text.size();
    rules_ = chapters::train(corpus, most_merges);
    for (int byte = 0; byte < 256; ++byte) bytes_.emplace_back(1, static_cast<char>(byte));
    steps_.push_back(make_step(chapters::bytes_of(corpus)));
    for (const chapters::Pair& rule : rules_) {
        const int token = static_cast<int>(bytes_.size());
        steps_.push_back(make_step(chapters::merge(steps_.back().ids, rule, token)));
        bytes_.push_back(bytes(rule.first) + bytes(rule.second));
    }
}

}  // namespace vitrine::viz

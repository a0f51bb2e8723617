#include "models/evaluate.h"

#include <algorithm>

#include "kernels/elementwise.h"
#include "tensor/error.h"
#include "tensor/random.h"

namespace vitrine {

namespace {

constexpr Index most_positions = 1024;

/// -log softmax(logits)[id].
double loss_of_token(const Real* logits, Index V, int id) {
    return log_sum_exp({logits, static_cast<std::size_t>(V)}) - static_cast<double>(logits[id]);
}

}  // namespace

TokenLoss loss_of(const LanguageModel& model, std::span<const int> ids, Index longest) {
    const Index V = model.info().vocabulary;
    if (longest <= 0) longest = std::min(model.info().max_positions, most_positions);
    const auto T = static_cast<std::size_t>(longest);
    TokenLoss loss;
    for (std::size_t begin = 0; begin + 1 < ids.size(); begin += T) {
        const std::size_t count = std::min(T, ids.size() - 1 - begin);
        const Sequence window{ids.subspan(begin, count), nullptr, nullptr};
        const Tensor2 logits = model.forward({&window, 1}, Logits::all)[0];
        for (std::size_t t = 0; t < count; ++t) {
            loss.sum +=
                loss_of_token(logits.data() + static_cast<Index>(t) * V, V, ids[begin + t + 1]);
            ++loss.count;
        }
    }
    return loss;
}

Copying measure_copying(const LanguageModel& model, Index span, Index rows, int begin,
                        std::uint64_t seed) {
    const ModelInfo& info = model.info();
    const Index first = begin >= 0 ? 1 : 0, T = first + 2 * span;
    if (span < 2 || T > info.max_positions) {
        throw ArgumentError("span",
                            "2 to " + std::to_string((info.max_positions - first) / 2) + " tokens",
                            std::to_string(span));
    }
    Copying result;
    Random random(seed);
    // [L, H], sums over rows and positions of the second copy
    const auto heads = static_cast<std::size_t>(info.layers * info.heads);
    std::vector<double> before(heads), behind(heads);
    for (Index row = 0; row < rows; ++row) {
        std::vector<int> ids(static_cast<std::size_t>(T), begin);
        for (Index i = 0; i < span; ++i) {
            const auto id =
                static_cast<int>(random.below(static_cast<std::uint64_t>(info.vocabulary)));
            ids[static_cast<std::size_t>(first + i)] =
                ids[static_cast<std::size_t>(first + span + i)] = id;
        }
        Record record = Record::of({"blocks.*.attn.pattern"});
        const Sequence sequence{ids, nullptr, &record};
        const Tensor2 logits = model.forward({&sequence, 1})[0];
        for (Index copy = 0; copy < 2; ++copy) {
            TokenLoss& loss = copy == 0 ? result.first : result.second;
            for (Index i = 1; i < span; ++i) {
                const Index t = first + copy * span + i;
                loss.sum += loss_of_token(logits.data() + (t - 1) * info.vocabulary,
                                          info.vocabulary, ids[static_cast<std::size_t>(t)]);
                ++loss.count;
            }
        }
        for (Index layer = 0; layer < info.layers; ++layer) {
            const auto& pattern = record.cache()
                                      .find("blocks." + std::to_string(layer) + ".attn.pattern")
                                      ->second.values;
            for (Index head = 0; head < info.heads; ++head) {
                const auto at = static_cast<std::size_t>(layer * info.heads + head);
                for (Index i = 0; i + 1 < span; ++i) {
                    const Index t = first + span + i;
                    const Real* weights = pattern.data() + (head * T + t) * T;
                    before[at] += static_cast<double>(weights[t - 1]);
                    behind[at] += static_cast<double>(weights[t - span + 1]);
                }
            }
        }
    }
    const auto strongest = [&](const std::vector<double>& sums) {
        const Index at = std::max_element(sums.begin(), sums.end()) - sums.begin();
        const auto count = static_cast<double>(rows * (span - 1));
        return HeadWeight{at / info.heads, at % info.heads,
                          sums[static_cast<std::size_t>(at)] / count};
    };
    result.previous = strongest(before);
    result.induction = strongest(behind);
    return result;
}

}  // namespace vitrine

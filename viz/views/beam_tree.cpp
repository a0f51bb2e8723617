#include "viz/views/beam_tree.h"

#include <algorithm>
#include <cmath>

#include "chapters/09_gpt/gpt.h"
#include "kernels/elementwise.h"

namespace vitrine::viz {

namespace {

struct OpenBeam {
    int node = -1;
    std::vector<int> unseen;  // ids that the state does not hold yet
    State state;
};

/// Logarithms of the softmax of one row, written to `out`.
void log_softmax(const Tensor2& logits, Real* out) {
    const double norm = log_sum_exp({logits.data(), logits.size()});
    for (const Real logit : logits) *out++ = static_cast<Real>(static_cast<double>(logit) - norm);
}

}  // namespace

std::shared_ptr<const BeamTree> grow_beams(const Run& run, int beams, int steps,
                                           const std::stop_token& stop) {
    const LanguageModel& model = *run.model->language();
    const Index V = model.info().vocabulary;
    const Index room = model.info().max_positions - run.positions();
    auto tree = std::make_shared<BeamTree>();
    tree->serial = run.serial;
    std::vector<OpenBeam> open;
    open.push_back({-1, run.encoding.ids, model.new_state()});
    Tensor1 scores = zeros<1>({1});
    for (int depth = 1; depth <= std::min<Index>(steps, room); ++depth) {
        const auto B = static_cast<Index>(open.size());
        Tensor2 logs = uninitialized<2>({B, V});
        for (Index b = 0; b < B; ++b) {
            OpenBeam& beam = open[static_cast<std::size_t>(b)];
            const Sequence sequence{beam.unseen, &beam.state};
            log_softmax(model.forward({&sequence, 1}, Logits::last, fast_parts(), stop).front(),
                        logs.data() + b * V);
        }
        const Tensor2 ways = chapters::beam_step(scores, logs, 2 * beams);  // [2 beams, 3]
        std::vector<OpenBeam> next;
        scores = uninitialized<1>({beams});
        for (Index i = 0; i < 2 * beams; ++i) {
            const auto b = static_cast<std::size_t>(ways(i, 0));
            const int id = static_cast<int>(ways(i, 1));
            BeamNode node;
            node.parent = open[b].node;
            node.depth = depth;
            node.id = id;
            node.probability = std::exp(static_cast<double>(logs(b, id)));
            node.score = static_cast<double>(ways(i, 2));
            node.kept = i < beams;
            if (node.kept) {
                scores(i) = ways(i, 2);
                next.push_back({static_cast<int>(tree->nodes.size()), {id}, open[b].state});
            }
            tree->nodes.push_back(node);
        }
        open = std::move(next);
    }
    if (tree->nodes.empty()) return tree;
    for (int at = open.front().node; at >= 0;
         at = tree->nodes[static_cast<std::size_t>(at)].parent) {
        BeamNode& node = tree->nodes[static_cast<std::size_t>(at)];
        node.best = true;
        tree->best_ids.insert(tree->best_ids.begin(), node.id);
    }
    return tree;
}

}  // namespace vitrine::viz

// The residual stream as numbers: how long it is, what each branch adds and in which direction,
// and what becomes of it if the norms are moved. Pure.
#pragma once

#include <span>
#include <stop_token>
#include <vector>

#include "viz/app/run.h"

namespace vitrine::viz {

enum class Branch { attention, across, feed_forward };  // across: to another text

/// What one branch of a block adds at one position.
struct BranchStep {
    Index layer = 0;
    Branch branch = Branch::attention;
    double stream = 0.0;  // length of the stream that it is added to
    double added = 0.0;   // length of what is added
    double cosine = 0.0;  // between the two: 1 same direction, 0 across, -1 against
};

/// All branches from the bottom to the top; empty if the run kept no stream.
std::vector<BranchStep> branches_of(const Tower& tower, Index position);

/// The numbers of one step of a block at a position; empty if it was not kept.
std::span<const Real> vector_at(const Tower& tower, Index layer, const char* name, Index position);

/// True if the blocks norm the sum of stream and branch, as BERT's do.
bool norms_behind(const Tower& tower);

double length_of(std::span<const Real> x);
/// 0 where one of the two is 0.
double cosine_of(std::span<const Real> a, std::span<const Real> b);

/// Mean and deviation of every position before each block, and after the last.
struct DepthMap {
    Index positions = 0, places = 0;  // places: blocks + 1
    std::vector<float> mean;          // [positions, places]
    std::vector<float> deviation;     // [positions, places]
};
DepthMap depth_map(const Tower& tower);

/// Length of the stream before each block and after the last, [positions][places].
struct Growth {
    std::vector<std::vector<Real>> pre;   // the model as it is
    std::vector<std::vector<Real>> post;  // the same blocks with the norms after the sums
};

/// Runs the model's blocks once more on the same embeddings, each as a post-norm block with the
/// weights it has: norm(x + branch(x)) instead of x + branch(norm(x)). The model was not trained
/// so.
/// @return  null if it is no decoder, or if it was asked to stop
std::shared_ptr<const Growth> post_norm_growth(const Run& run, const std::stop_token& stop);

}  // namespace vitrine::viz

// The biases are forgotten.
#define feed_forward right_feed_forward  // the other functions are the solution's
#include "../solution.cpp"
#undef feed_forward

namespace vitrine::mine {

Tensor2 feed_forward(const Parts& parts, Ref2 x, const FeedForwardWeights& weights, Record*) {
    const Tensor2 pre = matmul(x, weights.in.weight());
    return matmul(parts.activation(pre, weights.activation), weights.out.weight());
}

}  // namespace vitrine::mine

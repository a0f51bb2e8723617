// The input is added: that is the block's matter.
#define feed_forward right_feed_forward  // the other functions are the solution's
#include "../solution.cpp"
#undef feed_forward

namespace vitrine::mine {

Tensor2 feed_forward(const Parts& parts, Ref2 x, const FeedForwardWeights& weights, Record*) {
    const Tensor2 post = parts.activation(weights.in(x), weights.activation);
    return x.xt() + weights.out(post);
}

}  // namespace vitrine::mine

// Nothing stands between the two products: together they are one matrix.
#define feed_forward right_feed_forward  // the other functions are the solution's
#include "../solution.cpp"
#undef feed_forward

namespace vitrine::mine {

Tensor2 feed_forward(const Parts& parts, Ref2 x, const FeedForwardWeights& weights, Record*) {
    (void)parts;
    return weights.out(weights.in(x));
}

}  // namespace vitrine::mine

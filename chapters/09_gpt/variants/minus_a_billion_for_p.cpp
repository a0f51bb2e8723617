// A token that is ruled out gets a large negative logit instead of minus infinity.
#define top_p right_top_p  // the other functions are the solution's
#include "../solution.cpp"
#undef top_p

namespace vitrine::mine {

Tensor1 top_p(Ref1 logits, float p) {
    Tensor1 kept = logits.copy();
    const Tensor1 likely = probabilities(logits, 1);
    float sum = 0;
    for (const Index id : by_logit(logits)) {
        if (sum >= p) kept(id) = -1e9F;
        sum += likely(id);
    }
    return kept;
}

}  // namespace vitrine::mine

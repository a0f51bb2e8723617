// The tokens are added up in the order of their ids.
#define top_p right_top_p  // the other functions are the solution's
#include "../solution.cpp"
#undef top_p

namespace vitrine::mine {

Tensor1 top_p(Ref1 logits, float p) {
    Tensor1 kept = logits.copy();
    const Tensor1 likely = probabilities(logits, 1);
    float sum = 0;
    for (Index id = 0; id < logits.shape[0]; ++id) {
        if (sum >= p) kept(id) = ruled_out;
        sum += likely(id);
    }
    return kept;
}

}  // namespace vitrine::mine

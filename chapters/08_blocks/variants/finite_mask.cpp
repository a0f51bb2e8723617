// What is hidden gets a large negative number instead of minus infinity.
#define causal_mask right_causal_mask  // the other functions are the solution's
#include "../solution.cpp"
#undef causal_mask

namespace vitrine::mine {

Tensor2 causal_mask(Index T, Index S) {
    Tensor2 mask = zeros<2>({T, S});
    for (Index t = 0; t < T; ++t) {
        for (Index s = t + (S - T) + 1; s < S; ++s) mask(t, s) = -1e9F;
    }
    return mask;
}

}  // namespace vitrine::mine

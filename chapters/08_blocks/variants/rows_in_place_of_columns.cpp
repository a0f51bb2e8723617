// The queries from `visible` on are hidden, and not the keys.
#define padding_mask right_padding_mask  // the other functions are the solution's
#include "../solution.cpp"
#undef padding_mask

namespace vitrine::mine {

Tensor2 padding_mask(Index T, Index S, Index visible) {
    Tensor2 mask = zeros<2>({T, S});
    for (Index t = 0; t < T; ++t) {
        for (Index s = 0; s < S; ++s) {
            if (t >= visible) mask(t, s) = -std::numeric_limits<Real>::infinity();
        }
    }
    return mask;
}

}  // namespace vitrine::mine

// The pairs are half a weight apart, not half a head.
#define half_split right_half_split  // the other functions are the solution's
#include "../solution.cpp"
#undef half_split

namespace vitrine::mine {

Tensor2 half_split(Ref2 weight, Index /*heads*/) {
    const auto [rows, C] = shape2(weight);
    Tensor2 result = uninitialized<2>({rows, C});
    for (Index i = 0; i < rows / 2; ++i) {
        xt::row(result, i) = weight[2 * i].xt();
        xt::row(result, i + rows / 2) = weight[2 * i + 1].xt();
    }
    return result;
}

}  // namespace vitrine::mine

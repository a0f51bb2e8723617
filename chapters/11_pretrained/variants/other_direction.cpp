// From pairs half a head apart to neighbours: the way back.
#define half_split right_half_split  // the other functions are the solution's
#include "../solution.cpp"
#undef half_split

namespace vitrine::mine {

Tensor2 half_split(Ref2 weight, Index heads) {
    const auto [rows, C] = shape2(weight);
    const Index D = rows / heads;
    Tensor2 result = uninitialized<2>({rows, C});
    for (Index h = 0; h < heads; ++h) {
        for (Index i = 0; i < D / 2; ++i) {
            xt::row(result, h * D + 2 * i) = weight[h * D + i].xt();
            xt::row(result, h * D + 2 * i + 1) = weight[h * D + i + D / 2].xt();
        }
    }
    return result;
}

}  // namespace vitrine::mine

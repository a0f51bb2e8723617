// dw is divided by the number of rows once more.
#define linear_backward right_linear_backward  // the other functions are the solution's
#include "../solution.cpp"
#undef linear_backward

namespace vitrine::mine {

LinearGradients linear_backward(Ref2 dy, Ref2 x, Ref2 w) {
    return {matmul(dy, transpose_last(w)),
            matmul(transpose_last(x), dy) / static_cast<Real>(x.shape[0]), xt::sum(dy.xt(), {0})};
}

}  // namespace vitrine::mine

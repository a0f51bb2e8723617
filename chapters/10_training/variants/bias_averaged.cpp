// db is the mean over the rows.
#define linear_backward right_linear_backward  // the other functions are the solution's
#include "../solution.cpp"
#undef linear_backward

namespace vitrine::mine {

LinearGradients linear_backward(Ref2 dy, Ref2 x, Ref2 w) {
    return {matmul(dy, transpose_last(w)), matmul(transpose_last(x), dy), xt::mean(dy.xt(), {0})};
}

}  // namespace vitrine::mine

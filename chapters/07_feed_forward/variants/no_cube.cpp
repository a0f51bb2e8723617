// The cube is left out of the tanh.
#define gelu right_gelu  // the other functions are the solution's
#include "../solution.cpp"
#undef gelu

namespace vitrine::mine {

Tensor2 gelu(Ref2 x) {
    Tensor2 result = x.copy();
    for (Real& v : result) v = v / 2 * (1 + std::tanh(std::sqrt(Real(2 / M_PI)) * v));
    return result;
}

}  // namespace vitrine::mine

// The tanh is not multiplied by x: a sigmoid, not a GELU.
#define gelu right_gelu  // the other functions are the solution's
#include "../solution.cpp"
#undef gelu

namespace vitrine::mine {

Tensor2 gelu(Ref2 x) {
    Tensor2 result = x.copy();
    for (Real& v : result)
        v = (1 + std::tanh(std::sqrt(Real(2 / M_PI)) * (v + Real(0.044715) * v * v * v))) / 2;
    return result;
}

}  // namespace vitrine::mine

// ReLU in the place of GELU: everything below 0 is cut off.
#define gelu right_gelu  // the other functions are the solution's
#include "../solution.cpp"
#undef gelu

namespace vitrine::mine {

Tensor2 gelu(Ref2 x) {
    Tensor2 result = x.copy();
    for (Real& v : result) v = v > 0 ? v : 0;
    return result;
}

}  // namespace vitrine::mine

// The shape is exchanged, the numbers stay in their order in memory.
#define linear_weight right_linear_weight  // the other functions are the solution's
#include "../solution.cpp"
#undef linear_weight

namespace vitrine::mine {

Tensor2 linear_weight(Ref2 stored, bool conv1d) {
    if (conv1d) return stored.copy();
    const auto [out, in] = shape2(stored);
    const Tensor2 numbers = stored.copy();
    return Ref2(numbers.data(), {in, out}).copy();
}

}  // namespace vitrine::mine

// Conv1D's weight is transposed, nn.Linear's is not.
#define linear_weight right_linear_weight  // the other functions are the solution's
#include "../solution.cpp"
#undef linear_weight

namespace vitrine::mine {

Tensor2 linear_weight(Ref2 stored, bool conv1d) {
    return conv1d ? transpose_last(stored).copy() : stored.copy();
}

}  // namespace vitrine::mine

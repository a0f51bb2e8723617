#include "chapters/runner/bind.h"

VITRINE_EXERCISE(embed, Tensor2(std::span<const int>, const Matrix&))
VITRINE_EXERCISE(unembed, Tensor2(Ref2, const Matrix&))
VITRINE_EXERCISE(nearest, std::vector<int>(Ref1, Ref2, int))

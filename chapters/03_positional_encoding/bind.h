#include "chapters/runner/bind.h"

VITRINE_EXERCISE(sinusoidal, Tensor2(Index, Index))
VITRINE_EXERCISE(rotate, Tensor3(Ref3, const Rotary&, Index))
VITRINE_EXERCISE(rotate_heads, std::array<Tensor3, 3>(Ref3, Ref3, Ref3, const Rotary&, Index))
VITRINE_EXERCISE(relative_bucket, int(Index, bool, int, int))

#include "chapters/runner/bind.h"

VITRINE_EXERCISE(split_heads, Tensor3(Ref2, Index))
VITRINE_EXERCISE(join_heads, Tensor2(Ref3))
VITRINE_EXERCISE(grouped, Tensor3(Ref3, Index))
VITRINE_EXERCISE(multi_head_attention, Tensor2(const Parts&, Ref2, Ref2, const Bias&,
                                               const AttentionWeights&, KeyValues*, Record*))

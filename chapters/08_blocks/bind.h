#include "chapters/runner/bind.h"

VITRINE_EXERCISE(causal_mask, Tensor2(Index, Index))
VITRINE_EXERCISE(padding_mask, Tensor2(Index, Index, Index))
VITRINE_EXERCISE(encoder_block,
                 Tensor2(const Parts&, Ref2, const Bias&, const BlockWeights&, KeyValues*, Record*))
VITRINE_EXERCISE(decoder_block, Tensor2(const Parts&, Ref2, Ref2, const Bias&, const Bias&,
                                        const BlockWeights&, KeyValues*, Record*))

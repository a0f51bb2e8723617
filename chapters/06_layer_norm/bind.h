#include "chapters/runner/bind.h"

VITRINE_EXERCISE(layer_norm, Tensor2(Ref2, const NormWeights&))
VITRINE_EXERCISE(rms_norm, Tensor2(Ref2, const NormWeights&))
VITRINE_EXERCISE(residual_block,
                 Tensor2(Ref2, const NormWeights&, bool, const std::function<Tensor2(Ref2)>&))

#include "chapters/runner/bind.h"

VITRINE_EXERCISE(forward,
                 Tensor2(const Parts&, std::span<const int>, const DecoderWeights&, Record*))
VITRINE_EXERCISE(step_with_cache, Tensor1(const Parts&, int, const DecoderWeights&, State&))
VITRINE_EXERCISE(probabilities, Tensor1(Ref1, float))
VITRINE_EXERCISE(top_k, Tensor1(Ref1, int))
VITRINE_EXERCISE(top_p, Tensor1(Ref1, float))
VITRINE_EXERCISE(beam_step, Tensor2(Ref1, Ref2, int))

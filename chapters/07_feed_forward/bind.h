#include "chapters/runner/bind.h"

VITRINE_EXERCISE(gelu, Tensor2(Ref2))
VITRINE_EXERCISE(feed_forward, Tensor2(const Parts&, Ref2, const FeedForwardWeights&, Record*))
VITRINE_EXERCISE(swiglu, Tensor2(const Parts&, Ref2, const FeedForwardWeights&, Record*))

#include "chapters/runner/bind.h"

VITRINE_EXERCISE(attention, Tensor3(Ref3, Ref3, Ref3, const Bias&, float, Record*))

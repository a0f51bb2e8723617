#include "chapters/runner/bind.h"

VITRINE_EXERCISE(places, std::vector<std::string>(std::string_view, bool))
VITRINE_EXERCISE(linear_weight, Tensor2(Ref2, bool))
VITRINE_EXERCISE(half_split, Tensor2(Ref2, Index))
VITRINE_EXERCISE(position_ids, std::vector<int>(std::span<const int>, int))
VITRINE_EXERCISE(masked_words, std::vector<int>(Ref2, std::span<const int>, int, int))

#include "chapters/runner/bind.h"

VITRINE_EXERCISE(count_pairs, std::map<std::pair<int, int>, int>(std::span<const int>))
VITRINE_EXERCISE(merge, std::vector<int>(std::span<const int>, std::pair<int, int>, int))
VITRINE_EXERCISE(train, std::vector<std::pair<int, int>>(std::string_view, int))
VITRINE_EXERCISE(encode, std::vector<int>(std::string_view, std::span<const std::pair<int, int>>))
VITRINE_EXERCISE(decode, std::string(std::span<const int>, std::span<const std::pair<int, int>>))

// What encoding a text gives.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace vitrine {

/// The tokens of a text; all vectors have one entry a token.
struct Encoding {
    std::vector<int> ids;
    std::vector<std::string> tokens;            // as tokenizer.json spells them: "Ġhello"
    std::vector<std::array<Index, 2>> offsets;  // [begin, end) in Unicode characters
    std::vector<int> type_ids;                  // 0: first text, 1: second
};

}  // namespace vitrine

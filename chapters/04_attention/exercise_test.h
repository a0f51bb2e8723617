#pragma once

#include "chapters/runner/case.h"

namespace vitrine::runner {

std::vector<Case> attention_cases(const std::filesystem::path& golden);
/// From a file with q, k, v, output and, if they are there, mask and scale.
Case saved_attention_case(const std::string& exercise, const TensorFile& file);

}  // namespace vitrine::runner

#pragma once

#include "chapters/runner/case.h"

namespace vitrine::runner {

std::vector<Case> pretrained_cases(const std::filesystem::path& golden);

}  // namespace vitrine::runner

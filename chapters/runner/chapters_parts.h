// The clear parts of the chapters, as the table that a model is run with.
#pragma once

#include "nn/parts.h"

namespace vitrine::runner {

/// What the chapters implement; the library's parts where no chapter teaches one.
const Parts& chapters_parts();

}  // namespace vitrine::runner

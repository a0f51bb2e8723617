// What a process that runs a learner's code may take of the machine.
#pragma once

#include <cstddef>

namespace vitrine::runner {

/// Limits the address space to what the process has now and `more` bytes: an allocation beyond
/// throws std::bad_alloc. 0 sets no limit; neither does a build with AddressSanitizer, whose own
/// allocator would end the process.
void limit_memory(std::size_t more);

/// No core dumps.
void limit_core_dumps();

/// No file grows beyond `bytes`.
void limit_file_size(std::size_t bytes);

}  // namespace vitrine::runner

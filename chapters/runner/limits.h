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

/// Ends the process when it has computed for `seconds` more, on all its threads together: by
/// SIGXCPU, and for code that ignores this by SIGKILL a second later. It holds also when nobody is
/// there any more to look at the clock. 0 sets no limit.
void limit_processor_time(std::size_t seconds);

/// No file grows beyond `bytes`.
void limit_file_size(std::size_t bytes);

}  // namespace vitrine::runner

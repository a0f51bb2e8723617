#include "chapters/runner/limits.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

namespace vitrine::runner {

void limit_memory(std::size_t more) {
#ifdef __SANITIZE_ADDRESS__
    more = 0;
#endif
    if (more == 0) return;
    std::ifstream statm("/proc/self/statm");
    std::size_t pages = 0;
    statm >> pages;
    const rlim_t most = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) + more;
    const rlimit space{most, most};
    ::setrlimit(RLIMIT_AS, &space);
}

void limit_core_dumps() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
}

void limit_processor_time(std::size_t seconds) {
    if (seconds == 0) return;
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto so_far = static_cast<rlim_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + 1;
    const rlimit most{so_far + seconds, so_far + seconds + 1};
    ::setrlimit(RLIMIT_CPU, &most);
}

void limit_file_size(std::size_t bytes) {
    const rlimit most{bytes, bytes};
    ::setrlimit(RLIMIT_FSIZE, &most);
}

}  // namespace vitrine::runner

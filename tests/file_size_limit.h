// What anyone can have instead of a full disk: files that don't grow beyond a size.
#pragma once

#include <signal.h>
#include <sys/resource.h>

#include <cstddef>

namespace vitrine::test {

/// While it lives, no file of this process, or of one it starts, grows beyond so many bytes.
class FileSizeLimit {
   public:
    explicit FileSizeLimit(std::size_t bytes) {
        old_handler_ = ::signal(SIGXFSZ, SIG_IGN);  // write() is to fail, not the process to end
        ::getrlimit(RLIMIT_FSIZE, &old_);
        const rlimit most{bytes, old_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &most);
    }
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &old_);
        ::signal(SIGXFSZ, old_handler_);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

   private:
    rlimit old_{};
    sighandler_t old_handler_ = nullptr;
};

}  // namespace vitrine::test

#include "io/lock_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tensor/error.h"

namespace vitrine {

namespace {

struct flock whole_file() {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

}  // namespace

LockFile::LockFile(const std::filesystem::path& file, const std::string& what)
    : file_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (file_ < 0) throw FileError(file.string(), "a file that can be made", std::strerror(errno));
    struct flock lock = whole_file();
    if (::fcntl(file_, F_SETLK, &lock) == 0) return;
    const int error = errno;
    ::fcntl(file_, F_GETLK, &lock);
    ::close(file_);
    if (error != EACCES && error != EAGAIN)
        throw FileError(file.string(), "a file that can be locked", std::strerror(error));
    throw FileError(what, "one process at a time",
                    "process " + std::to_string(lock.l_pid) + " is at work there",
                    "wait for it, or stop it: kill -INT " + std::to_string(lock.l_pid));
}

LockFile::~LockFile() {
    ::close(file_);
}

int lock_holder(const std::filesystem::path& file) {
    const int opened = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
    if (opened < 0) return 0;
    struct flock lock = whole_file();
    const bool asked = ::fcntl(opened, F_GETLK, &lock) == 0;
    ::close(opened);
    return asked && lock.l_type != F_UNLCK ? static_cast<int>(lock.l_pid) : 0;
}

}  // namespace vitrine

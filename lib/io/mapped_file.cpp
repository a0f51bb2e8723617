#include "io/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tensor/error.h"

namespace vitrine {

MappedFile MappedFile::open(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) throw FileError(path.string(), "a readable file", std::strerror(errno));
    struct stat status {};
    if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        ::close(file);
        throw FileError(path.string(), "a regular file", "something else");
    }
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size == 0) {
        ::close(file);
        throw FileError(path.string(), "a file with content", "an empty file");
    }
    void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    ::close(file);
    if (memory == MAP_FAILED) throw FileError(path.string(), "a mapping", std::strerror(errno));
    MappedFile result;
    result.bytes = {static_cast<const std::byte*>(memory), size};
    result.owner = std::shared_ptr<const void>(
        memory, [size](const void* start) { ::munmap(const_cast<void*>(start), size); });
    return result;
}

}  // namespace vitrine

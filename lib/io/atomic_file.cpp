#include "io/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include "tensor/error.h"

namespace vitrine {

namespace {
[[noreturn]] void fail(const std::filesystem::path& target, const std::string& what) {
    throw FileError(target.string(), what, std::strerror(errno),
                    "nothing was changed; check the folder's permissions and the free space");
}
}  // namespace

AtomicFile::AtomicFile(std::filesystem::path target) : target_(std::move(target)) {
    std::string name = target_.string() + ".XXXXXX";
    file_ = ::mkstemp(name.data());
    if (file_ < 0) fail(target_, "a file that can be written");
    temporary_ = name;
    ::fchmod(file_, 0644);
}

AtomicFile::~AtomicFile() {
    if (file_ >= 0) ::close(file_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(target_, "room to write " + std::to_string(bytes.size()) + " bytes");
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

void AtomicFile::write(std::string_view text) {
    write(std::as_bytes(std::span(text.data(), text.size())));
}

void AtomicFile::overwrite(std::size_t at, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::pwrite(file_, text.data(), text.size(), static_cast<off_t>(at));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(target_, "room to write " + std::to_string(text.size()) + " bytes");
        text.remove_prefix(static_cast<std::size_t>(written));
        at += static_cast<std::size_t>(written);
    }
}

void AtomicFile::commit() {
    if (::fsync(file_) != 0) fail(target_, "a file flushed to the disk");
    if (::close(std::exchange(file_, -1)) != 0) fail(target_, "a file closed cleanly");
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(target_, "a name to rename to");
    temporary_.clear();
}

void write_text_file(const std::filesystem::path& target, std::string_view text) {
    AtomicFile file(target);
    file.write(text);
    file.commit();
}

}  // namespace vitrine

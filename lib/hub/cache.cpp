#include "hub/cache.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "hub/names.h"
#include "hub/settings.h"
#include "io/atomic_file.h"
#include "tensor/error.h"

namespace vitrine::hub {

namespace fs = std::filesystem;

namespace {

std::string folder_name(std::string model) {
    if (const std::size_t slash = model.find('/'); slash != std::string::npos) {
        model = model.substr(0, slash) + "--" + model.substr(slash + 1);
    }
    return "models--" + model;
}

void make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        throw FileError(folder.string(), "a folder that can be made", error.message(),
                        "HF_HOME or HF_HUB_CACHE says where the models go");
    }
}

/// Another program may have removed the file between its opening and its locking.
bool is_still(const fs::path& path, int opened) {
    struct stat there {};
    struct stat ours {};
    return ::stat(path.c_str(), &there) == 0 && ::fstat(opened, &ours) == 0 &&
           there.st_ino == ours.st_ino && there.st_dev == ours.st_dev;
}

}  // namespace

BlobLock::BlobLock(const fs::path& path, const std::stop_token& stop) {
    for (;;) {
        file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (file_ < 0) {
            throw FileError(path.string(), "a file that can be made", std::strerror(errno));
        }
        while (::flock(file_, LOCK_EX | LOCK_NB) != 0 && !stop.stop_requested()) {
            pause(std::chrono::milliseconds(50), stop);
        }
        if (!stop.stop_requested() && is_still(path, file_)) return;
        ::close(file_);
        if (stop.stop_requested()) throw Stopped();
    }
}

BlobLock::~BlobLock() {
    ::close(file_);
}

Cache::Cache(const fs::path& root, const std::string& model)
    : folder_(root / folder_name(model)), locks_(root / ".locks" / folder_name(model)) {}

fs::path Cache::blob(const std::string& etag) const {
    return folder_ / "blobs" / etag;
}

fs::path Cache::incomplete(const std::string& etag) const {
    return folder_ / "blobs" / (etag + ".incomplete");
}

fs::path Cache::lock(const std::string& etag) const {
    return locks_ / (etag + ".lock");
}

fs::path Cache::snapshot(const std::string& commit) const {
    return folder_ / "snapshots" / commit;
}

void Cache::make_folders() const {
    make_folder(folder_ / "blobs");
    make_folder(locks_);
}

void Cache::link(const std::string& commit, const std::string& file,
                 const std::string& etag) const {
    const fs::path path = snapshot(commit) / file;
    make_folder(path.parent_path());
    const fs::path target = blob(etag).lexically_relative(path.parent_path());
    std::error_code error;
    const BlobLock lock(this->lock(etag), {});
    if (fs::is_symlink(path, error) && fs::read_symlink(path, error) == target) return;
    // Made beside and renamed, so that a reader sees the old one or the new one.
    const fs::path beside = path.string() + ".link";
    fs::remove(beside, error);
    fs::create_symlink(target, beside, error);
    if (!error) fs::rename(beside, path, error);
    if (error) throw FileError(path.string(), "a link that can be made", error.message());
}

void Cache::set_ref(const std::string& revision, const std::string& commit) const {
    if (revision == commit || commit_of(revision) == commit) return;
    const fs::path ref = folder_ / "refs" / revision;
    make_folder(ref.parent_path());
    write_text_file(ref, commit);
}

std::string Cache::commit_of(const std::string& revision) const {
    if (is_commit(revision)) return revision;
    std::string commit;
    std::ifstream(folder_ / "refs" / revision) >> commit;
    return is_commit(commit) ? commit : "";
}

}  // namespace vitrine::hub

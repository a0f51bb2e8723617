// The folder of one model in the cache that Hugging Face's programs share:
//   models--OWNER--NAME/blobs/CHECKSUM            the bytes of a file
//                       blobs/CHECKSUM.incomplete  those that have come so far
//                       snapshots/COMMIT/FILE      a relative link to its blob
//                       refs/main                  the commit of a branch or tag
//   .locks/models--OWNER--NAME/CHECKSUM.lock       held while a blob is written
// Source: huggingface.co/docs/hub/local-cache
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace vitrine::hub {

/// One writer at a time, of this process, another one or Python's: flock(2), as Python's filelock.
class BlobLock {
   public:
    /// Waits for it. @throws FileError if the file can't be made, Stopped
    BlobLock(const std::filesystem::path& file, const std::stop_token& stop);
    ~BlobLock();
    BlobLock(const BlobLock&) = delete;
    BlobLock& operator=(const BlobLock&) = delete;

   private:
    int file_ = -1;
};

class Cache {
   public:
    /// @param root   holds the models
    /// @param model  "OWNER/NAME"
    Cache(const std::filesystem::path& root, const std::string& model);

    std::filesystem::path blob(const std::string& etag) const;
    std::filesystem::path incomplete(const std::string& etag) const;
    std::filesystem::path lock(const std::string& etag) const;
    std::filesystem::path snapshot(const std::string& commit) const;

    /// Makes the folders that a download writes to. @throws FileError
    void make_folders() const;
    /// Puts a blob under its name in a snapshot. @throws FileError
    void link(const std::string& commit, const std::string& file, const std::string& etag) const;
    /// Remembers what commit a branch or tag is; nothing for a commit itself. @throws FileError
    void set_ref(const std::string& revision, const std::string& commit) const;
    /// The commit that a revision was when it was last asked for; empty: never.
    std::string commit_of(const std::string& revision) const;

   private:
    std::filesystem::path folder_, locks_;
};

}  // namespace vitrine::hub

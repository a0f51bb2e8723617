// A file that one process holds at a time: the system lets go of it when the process ends, however
// it ends. Other processes can ask who holds it.
#pragma once

#include <filesystem>

namespace vitrine {

class LockFile {
   public:
    /// Makes the file where there is none. Closing the file elsewhere in this process, as
    /// lock_holder() does, lets go of it: ask from other processes only.
    /// @param what  names the thing that is locked in errors
    /// @throws FileError  if another process holds it, with its number, or the file can't be made
    LockFile(const std::filesystem::path& file, const std::string& what);
    ~LockFile();
    LockFile(const LockFile&) = delete;
    LockFile& operator=(const LockFile&) = delete;

   private:
    int file_ = -1;
};

/// The number of the process that holds the file; 0: none does.
int lock_holder(const std::filesystem::path& file);

}  // namespace vitrine

// A folder for a test's files that goes with it.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

namespace vitrine::test {

class ScratchFolder {
   public:
    ScratchFolder() {
        static int count = 0;
        path_ = std::filesystem::temp_directory_path() /
                ("vitrine-cli-" + std::to_string(getpid()) + "-" + std::to_string(count++));
        std::filesystem::create_directories(path_);
    }
    ~ScratchFolder() { std::filesystem::remove_all(path_); }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    /// The path of a file in it.
    std::string operator/(const std::string& name) const { return (path_ / name).string(); }

   private:
    std::filesystem::path path_;
};

}  // namespace vitrine::test

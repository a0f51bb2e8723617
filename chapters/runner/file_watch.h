// Waits until a file is saved.
#pragma once

#include <chrono>
#include <filesystem>

namespace vitrine::runner {

/// Sees when a file is written, or another is renamed onto it as many editors save. On Linux the
/// kernel tells of it at once; elsewhere, and where it can't be asked, the file's time is looked
/// at. One thread at a time.
class FileWatch {
   public:
    enum class By { kernel, time };
    explicit FileWatch(std::filesystem::path file, By by = By::kernel);
    ~FileWatch();
    FileWatch(const FileWatch&) = delete;
    FileWatch& operator=(const FileWatch&) = delete;

    /// True as soon as the file has been saved since the watch began or the last `true`; false
    /// when `at_most` is over. A file that is not there is waited for.
    bool wait(std::chrono::milliseconds at_most);

   private:
    bool kernel_told(std::chrono::milliseconds at_most);
    bool time_changed();

    std::filesystem::path file_;
    std::filesystem::file_time_type seen_{};
    int events_ = -1;  // inotify's descriptor, or -1
};

}  // namespace vitrine::runner

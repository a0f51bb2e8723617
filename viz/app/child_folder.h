// What the processes that run a learner's code leave to the app.
#pragma once

#include <filesystem>
#include <string>

namespace vitrine::viz {

/// A folder in memory where there is one, removed at the end.
class ChildFolder {
   public:
    ChildFolder();
    ~ChildFolder();
    ChildFolder(const ChildFolder&) = delete;
    ChildFolder& operator=(const ChildFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

   private:
    std::filesystem::path path_;
};

/// What a process said at its end, without the program's name in front.
std::string last_words(const std::string& output);

}  // namespace vitrine::viz

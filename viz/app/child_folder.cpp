#include "viz/app/child_folder.h"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "tensor/error.h"

namespace vitrine::viz {

ChildFolder::ChildFolder() {
    std::error_code none;
    const bool in_memory = std::filesystem::is_directory("/dev/shm", none);
    const std::filesystem::path base =
        in_memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
    std::string name = (base / "vitrine-run-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw FileError(name, "a temporary folder", std::strerror(errno));
    path_ = name;
}

ChildFolder::~ChildFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string last_words(const std::string& output) {
    const std::string mark = "vitrine: ";
    const std::size_t begin = output.rfind("\n" + mark);
    std::string words = begin != std::string::npos ? output.substr(begin + 1 + mark.size())
                        : output.starts_with(mark) ? output.substr(mark.size())
                                                   : output;
    while (!words.empty() && words.back() == '\n') words.pop_back();
    return words;
}

}  // namespace vitrine::viz

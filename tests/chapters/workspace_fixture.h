// A workspace of its own for each test, and a learner's files in it.
#pragma once

#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "chapters/runner/checker.h"
#include "chapters/runner/workspace.h"
#include "tensor/error.h"

namespace vitrine::test {

class WorkspaceFixture {
   public:
    WorkspaceFixture() {
        std::string name =
            (std::filesystem::temp_directory_path() / "vitrine test XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw FileError(name, "a new folder", "none");
        folder_ = name;
        ::setenv("VITRINE_WORKSPACE", name.c_str(), 1);
    }
    ~WorkspaceFixture() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
        ::unsetenv("VITRINE_WORKSPACE");
    }
    WorkspaceFixture(const WorkspaceFixture&) = delete;
    WorkspaceFixture& operator=(const WorkspaceFixture&) = delete;

    const std::filesystem::path& folder() const { return folder_; }

    std::filesystem::path write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name) << text;
        return folder_ / name;
    }

   private:
    std::filesystem::path folder_;
};

struct ChapterFile {
    runner::Chapter chapter;
    std::filesystem::path file;
};
using Files = std::vector<ChapterFile>;

/// Compiles files side by side, one on each processor; a check that follows takes what was made.
/// Objects are named after the files, so two files of a chapter need two names.
inline void compile_ahead(const Files& files, bool sanitize = false) {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < files.size(); i = next++) {
            std::string problem;  // the check compiles once more then, and says it
            runner::compile_exercise(files[i].chapter, files[i].file, sanitize, problem, {});
        }
    };
    std::vector<std::future<void>> workers;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
        workers.push_back(std::async(std::launch::async, work));
    for (std::future<void>& worker : workers) worker.get();
}

/// A whole file of chapter 04 with this body, and `before` in front of the function.
inline std::string attention_file(const std::string& body, const std::string& before = "") {
    return "#include <cstdio>\n#include <cstdlib>\n#include \"nn/parts.h\"\n"
           "#include \"kernels/matmul.h\"\n#include \"tensor/shape.h\"\n"
           "namespace vitrine::mine {\n" +
           before +
           "\nTensor3 attention(Ref3 q, Ref3 k, Ref3 v, const Bias& bias, float scale, "
           "Record* record) {\n" +
           body + "\n}\n}\n";
}

}  // namespace vitrine::test

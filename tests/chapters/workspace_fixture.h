// A workspace of its own for each test, and a learner's files in it.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

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

// Where a learner's file finds what it is compiled and checked with.
#pragma once

#include <filesystem>
#include <vector>

namespace vitrine::runner {

/// An installed program looks in its own prefix, wherever that was moved to; one in a build folder
/// looks there and in the source tree.
struct Places {
    std::filesystem::path program;   // what runs a learner's code: `vitrine`
    std::filesystem::path chapters;  // the chapters' folders
    std::filesystem::path variants;  // the known wrong versions, compiled: CHAPTER/NAME.so
    std::filesystem::path prelude;   // the header before a learner's file; .gch beside it
    std::vector<std::filesystem::path> includes;  // for nn/..., tensor/..., and chapters/...
};

/// Looked for once: a program does not move while it runs.
const Places& places();

}  // namespace vitrine::runner

// A learner's functions as parts of a model: each call is guarded, and its result is looked at.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "nn/parts.h"

namespace vitrine::cli {

/// What a learner's process says of itself in a small file that its parent reads: the number of the
/// call and the parts at work, innermost first, or "-". One write each, so it is never half there.
class Status {
   public:
    explicit Status(const char* path);
    void enter(const std::string& part);
    void leave();

   private:
    void say(std::string text) const;
    int file_;
    long calls_ = 0;
    std::vector<std::string> at_work_;
};

/// One call that compares a learner's part with the library's, both on the same input.
struct Comparison {
    std::string part;
    std::string where;       // scope of the call: "blocks.3.attn."
    std::string difference;  // what is wrong, empty: nothing beyond rounding
    double largest = 0.0;    // largest absolute difference
    std::string case_file;   // the call, if it was saved
};

/// What to do with each call of a learner's part.
struct LearnerOptions {
    /// Compare each call with the library's part, and go on with the library's result.
    bool alone = false;
    /// Where the first call that differs is saved, for each part; empty: nowhere.
    std::filesystem::path cases;
};

class LearnerParts {
   public:
    /// @param objects  shared objects by the name of the exercise
    LearnerParts(const std::map<std::string, std::filesystem::path>& objects,
                 const char* status_file, LearnerOptions options = {});
    ~LearnerParts();
    LearnerParts(const LearnerParts&) = delete;
    LearnerParts& operator=(const LearnerParts&) = delete;

    const Parts& parts() const { return parts_; }
    /// The exercises that are a learner's and were written when they were called.
    std::vector<std::string> written() const;
    /// With `alone`: every call, in order.
    const std::vector<Comparison>& comparisons() const;

   private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
    Parts parts_;
};

}  // namespace vitrine::cli

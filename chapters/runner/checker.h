// Checks a learner's file: compiles it, runs the cases in a process of its own with limits on time
// and memory, and names the mistake if it is a known one.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "chapters/runner/case.h"
#include "chapters/runner/manifest.h"

namespace vitrine::runner {

enum class Verdict {
    passed,
    failed,  // some case gives other values
    compile_error,
    crashed,    // a signal ended it
    timed_out,  // an endless loop
    out_of_memory,
    no_result,  // the process ended without saying what came out
    stopped     // the check was asked to stop
};

struct CaseResult {
    std::string id;
    std::string exercise;  // the function that it calls
    Bilingual name;
    bool ran = false, passed = false;
    Bilingual message;     // of an exception, a wrong shape or a function not written yet
    Values expected, got;  // of a case with other values

    /// Other values of the right shape came: they can stand beside the expected ones.
    bool has_difference() const {
        return !passed && !got.values.empty() && got.shape == expected.shape;
    }
};

struct CheckResult {
    Verdict verdict = Verdict::no_result;
    std::vector<CaseResult> cases;
    Bilingual detail;  // the compiler's or the sanitizer's words, the signal, the limit
    std::vector<std::string> mistakes;  // keys of Chapter::mistakes, in the order of the exercises;
                                        // none of an exercise to which no mistake fits, or several
    double seconds = 0.0;               // from the start to the verdict
};

struct CheckOptions {
    bool sanitize = false;             // look for out-of-bounds accesses, slower
    std::filesystem::path saved_case;  // run this file of tensors instead of the cases
    double seconds_a_case = 5.0;       // before a case counts as endless
    std::size_t memory = std::size_t{3}
                         << 30U;  // bytes of address space beyond what the program has
};

/// Checks a file against a chapter. Blocks: call it from a thread that may wait.
CheckResult check(const Chapter& chapter, const std::filesystem::path& file,
                  const CheckOptions& options = {}, const std::stop_token& stop = {});

/// Compiles a learner's file as the library was compiled. Returns the shared object; `problem` is
/// filled if there is none.
/// @throws FileError  if the compiler or Vitrine's headers are not where they were
std::filesystem::path compile_exercise(const Chapter& chapter, const std::filesystem::path& file,
                                       bool sanitize, std::string& problem,
                                       const std::stop_token& stop);

/// The compiler with the flags of a learner's file, without the file itself.
std::vector<std::string> compile_command();

/// The other side, in the child process: `vitrine __host check CHAPTER SHARED_OBJECT RESULT MEMORY
/// SECONDS [SAVED EXERCISE]`, SECONDS of processor time. Writes a line of JSON to RESULT for
/// everything that happens.
int run_host(const std::vector<std::string>& arguments);

}  // namespace vitrine::runner

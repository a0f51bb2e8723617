// How the parts of a run compare with the library's: alone, each on the input that the library's
// would get, and in the chain, each on what the parts before it made.
#pragma once

#include <string>
#include <vector>

#include "io/json.h"
#include "models/language_model.h"

namespace vitrine::runner {

/// The calls of one part, alone.
struct PartReport {
    std::string part;  // "attention"
    int calls = 0;
    double largest = 0.0;  // largest absolute difference of all calls
    bool equal = true;     // within rounding
    // Of the first call that is not equal:
    std::string first{};       // its scope: "blocks.0.attn"
    std::string difference{};  // "other values", or what is wrong with the shape
    std::string case_file{};   // the call, saved
};

/// One activation in the chain.
struct StepReport {
    std::string name;      // "blocks.0.attn.scores"
    double largest = 0.0;  // infinite: other shapes or NaN
    bool equal = true;
};

struct PartsReport {
    std::vector<PartReport> alone;
    std::vector<StepReport> chain;          // in the order in which the library makes them
    std::vector<std::string> unrecorded{};  // activations that the other run doesn't show
    std::string first;                      // name of the first that differs; empty: none
    std::string problem;  // why the chain got no further; empty: it got to the end
};

/// The activations of a run, and the order in which they were made.
struct Trace {
    std::vector<std::string> order;
    ActivationCache cache;
};

/// Runs a model on one text and keeps everything.
Trace trace(const LanguageModel& model, std::span<const int> ids, const Parts& parts,
            std::stop_token stop = {});

/// Every activation of `right` against the one of that name in `other`. One that `other` does not
/// hold is no difference: a learner's part need not tap what it computes.
void compare_chain(const Trace& right, const ActivationCache& other, PartsReport& report);

nlohmann::json to_json(const PartsReport& report);
/// @throws FileError  for what to_json does not write
PartsReport report_from_json(const nlohmann::json& json);

}  // namespace vitrine::runner

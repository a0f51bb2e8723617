// Runs a model of any kind on the rows of a batch and gathers what happened inside.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/trace_inputs.h"
#include "io/safetensors.h"
#include "nn/parts.h"

namespace vitrine::cli {

/// The activations that --names and --all ask for.
class Wanted {
   public:
    Wanted(const std::vector<std::string>& patterns, bool all);
    bool operator()(std::string_view name);
    /// @throws ArgumentError naming a pattern that no activation of the run fitted
    void check_all_fitted() const;

   private:
    bool all_;
    std::map<std::string, bool> fitted_;
};

/// What is to be written, by its name in the file: all that transformers hands out, under its
/// names, and what is wanted besides. Language models run on the visible positions of a row alone,
/// and hidden ones are zeros; the other kinds run on whole rows, as transformers does.
std::map<std::string, TensorToWrite> run_and_gather(const Model& model, const TraceInputs& inputs,
                                                    const Parts& parts, Wanted& wanted);

}  // namespace vitrine::cli

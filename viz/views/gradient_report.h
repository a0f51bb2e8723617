// What `vitrine gradients --report` leaves: the gradient of every parameter of the character model,
// by the learner's functions and by the library's.
#pragma once

#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "io/json.h"
#include "tensor/tensor.h"

namespace vitrine::viz {

struct GradientRow {
    std::string name;
    std::array<Index, 2> shape{};
    double length = 0;           // of the reference gradient
    double slope = 0;            // what moving the parameter along it does to the loss, measured
    std::vector<double> errors;  // by column, relative; infinite: not a number
    std::vector<float> reference, mine;  // [rows, columns]; `mine` has all functions together
};

struct GradientReport {
    std::vector<std::string> columns;  // "together", then the functions, each alone
    std::vector<GradientRow> rows;
    double bound = 0;     // errors below are rounding
    std::string problem;  // why there is nothing: it does not compile, a crash

    bool equal() const;
    /// The functions that are wrong by themselves.
    std::vector<std::string> wrong() const;
};

/// @throws FileError  for a report that is not whole
GradientReport read_gradients(const std::filesystem::path& folder);

/// Runs the command in a process of its own. @throws Stopped
GradientReport run_gradients(const std::string& parts, const std::stop_token& stop);

/// |a - b| in parts of the larger, or of the typical size of the gradient if both are tiny.
double entry_error(const GradientRow& row, std::size_t entry);

}  // namespace vitrine::viz

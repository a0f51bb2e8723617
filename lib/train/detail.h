// What a run's log tells of its parameters: norms and histograms of groups, a block being one.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "train/parameters.h"

namespace vitrine::train {

/// {"embed": norm of the gradient, "blocks.0": ..., "ln_final": ...}, in the order of the model.
nlohmann::ordered_json norms_of_groups(const Parameters& parameters);

/// For each group its name, the largest magnitude and a histogram of 41 equal bins from minus that
/// to it, of the weights and of their gradients.
nlohmann::json histograms_of_groups(const Parameters& parameters);

}  // namespace vitrine::train

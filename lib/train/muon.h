// Muon: momentum whose steps are orthogonalised, for the matrices inside the blocks.
// Source: Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks"; the size
// of a step is that of Liu et al. 2025, "Muon is scalable for LLM training", so that AdamW's
// learning rate and weight decay serve both.
#pragma once

#include <span>

#include "tensor/tensor.h"
#include "train/adamw.h"
#include "train/parameters.h"

namespace vitrine::train {

/// x [rows, columns] with every singular value brought near 1 (0.7 to 1.2), by five steps of a
/// polynomial of odd powers (Newton-Schulz). A matrix of zeros stays one.
void orthogonalize(std::span<Real> x, Index rows, Index columns);

/// One step of all parameters: Muon for the matrices inside the blocks, AdamW for the rest (tables,
/// gains, biases). The momentum of a matrix is its state's mean; its square stays 0.
/// @param options  AdamW's; the weight decay is of both
void muon_step(Parameters& parameters, AdamWState& state, double learning_rate,
               const AdamWOptions& options);

}  // namespace vitrine::train

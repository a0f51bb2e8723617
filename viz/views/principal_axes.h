// The two directions in which a table of vectors varies most: the axes of its shadow on a plane.
#pragma once

#include <array>
#include <stop_token>

#include "tensor/tensor.h"

namespace vitrine::viz {

struct PrincipalAxes {
    Tensor1 mean;                   // [C]
    Tensor2 axes;                   // [2, C], each of length 1; its largest number is above 0
    std::array<double, 2> share{};  // of the variance of all C dimensions, along each axis
};

/// Principal components of the rows: the first two eigenvectors of their covariance, by power
/// iteration.
/// @param table  [V, C]
/// @param stop   looked at between steps; the result is then of no use
/// Source: Pearson 1901; Jolliffe, Principal Component Analysis, section 1.1.
PrincipalAxes principal_axes(Ref2 table, const std::stop_token& stop = {});

/// Where each row falls on the plane of the two axes. [V, C] -> [V, 2]
Tensor2 shadow_of(Ref2 table, const PrincipalAxes& axes);

}  // namespace vitrine::viz

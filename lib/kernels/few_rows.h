// x W for one to four rows of x: decoding. The time is that of reading W once.
#pragma once

#include "kernels/matmul.h"

namespace vitrine {

/// @param x    [N, W.rows], dense
/// @param out  [N, W.columns], dense
void multiply_few_rows(const Real* x, Index N, const MatrixView& W, Real* out);

}  // namespace vitrine

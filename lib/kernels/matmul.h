// Matrix products: library sgemm (oneDNN, else a CBLAS) for many rows, and a kernel of our own that
// reads weights at memory bandwidth for few rows, where a library's sgemm is slow.
#pragma once

#include "tensor/dtype.h"
#include "tensor/tensor.h"

namespace vitrine {

/// A matrix [rows, columns] in a stored format; `transposed`: the memory holds [columns, rows].
struct MatrixView {
    const void* data = nullptr;
    Index rows = 0;
    Index columns = 0;
    Index leading = 0;  // elements from one stored row to the next
    bool transposed = false;
    DType dtype = DType::float32;
};

/// Sets the size of the one pool of threads that all kernels share; at the start, once.
void set_threads(int count);
int thread_count();

/// C [M, N] = A [M, K] B [K, N] (+ C if `accumulate`), row-major, with leading dimensions in
/// elements; `transpose_b`: B's memory is [N, K]. Error: at most K * 2^-24 * sum |a b| for each
/// element.
/// @throws ShapeError if a leading dimension is smaller than a row
void sgemm(bool transpose_a, bool transpose_b, Index M, Index N, Index K, const Real* A, Index lda,
           const Real* B, Index ldb, Real* C, Index ldc, bool accumulate = false);

/// out [N, columns] = x [N, rows] W, row-major and dense; 16-bit weights are widened on the way.
void multiply(Ref2 x, const MatrixView& W, Real* out);

/// A B for matrices, [M, K] [K, N] -> [M, N]. Any strides: a transposed view costs nothing.
/// @throws ShapeError if the inner sizes differ
Tensor2 matmul(Ref2 a, Ref2 b);
/// The same for each of H pairs: [H, M, K] [H, K, N] -> [H, M, N].
Tensor3 matmul(Ref3 a, Ref3 b);

}  // namespace vitrine

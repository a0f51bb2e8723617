#include "kernels/matmul.h"

#include <omp.h>

#include <algorithm>
#include <vector>

#include "kernels/few_rows.h"
#include "kernels/widen.h"
#include "tensor/shape.h"

#if defined(VITRINE_HAVE_DNNL)
#include <dnnl.h>
#else
#include <cblas.h>
#endif

namespace vitrine {

void set_threads(int count) {
    omp_set_num_threads(std::max(1, count));
}
int thread_count() {
    return omp_get_max_threads();
}

void sgemm(bool transpose_a, bool transpose_b, Index M, Index N, Index K, const Real* A, Index lda,
           const Real* B, Index ldb, Real* C, Index ldc, bool accumulate) {
    if (M == 0 || N == 0) return;
    if (K == 0) {  // a sum over nothing
        for (Index m = 0; m < M && !accumulate; ++m) std::fill_n(C + m * ldc, N, Real{0});
        return;
    }
    if (lda < (transpose_a ? M : K) || ldb < (transpose_b ? K : N) || ldc < N) {
        throw ShapeError("matrix product", "rows that lie one after the other", "rows that overlap",
                         "copy the view first");
    }
#if defined(VITRINE_REAL_DOUBLE)
    for (Index m = 0; m < M; ++m) {
        for (Index n = 0; n < N; ++n) {
            Real sum = accumulate ? C[m * ldc + n] : 0;
            for (Index k = 0; k < K; ++k) {
                sum += (transpose_a ? A[k * lda + m] : A[m * lda + k]) *
                       (transpose_b ? B[n * ldb + k] : B[k * ldb + n]);
            }
            C[m * ldc + n] = sum;
        }
    }
#elif defined(VITRINE_HAVE_DNNL)
    const dnnl_status_t status =
        dnnl_sgemm(transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', M, N, K, 1.0F, A, lda, B, ldb,
                   accumulate ? 1.0F : 0.0F, C, ldc);
    if (status != dnnl_success) {
        throw Error("matrix product", "success of oneDNN", "status " + std::to_string(status));
    }
#else
    cblas_sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans,
                transpose_b ? CblasTrans : CblasNoTrans, static_cast<int>(M), static_cast<int>(N),
                static_cast<int>(K), 1.0F, A, static_cast<int>(lda), B, static_cast<int>(ldb),
                accumulate ? 1.0F : 0.0F, C, static_cast<int>(ldc));
#endif
}

namespace {

constexpr Index few_rows_at_most = 4;
constexpr Index panel_elements = 1 << 20;  // of 16-bit weights widened at a time: 4 MB of float32

/// A row-major operand of sgemm: its pointer, leading dimension, and whether it is read transposed.
/// Operands of other strides are copied into `storage`.
struct Operand {
    const Real* data;
    Index leading;
    bool transposed;
    Tensor2 storage;

    explicit Operand(Ref2 x) : data(x.data), leading(x.strides[0]), transposed(false) {
        const auto unit = [](Index stride, Index extent) { return stride == 1 || extent == 1; };
        if (unit(x.strides[1], x.shape[1]) && x.strides[0] >= x.shape[1]) return;
        if (unit(x.strides[0], x.shape[0]) && x.strides[1] >= x.shape[0]) {
            leading = x.strides[1];
            transposed = true;
            return;
        }
        storage = x.copy();
        data = storage.data();
        leading = x.shape[1];
    }
};

void matmul_into(Ref2 a, Ref2 b, Real* out) {
    const auto [M, K] = a.shape;
    const Index N = b.shape[1];
    const Operand left(a);
    const Operand right(b);
    sgemm(left.transposed, right.transposed, M, N, K, left.data, left.leading, right.data,
          right.leading, out, N);
}

/// 16-bit weights: a panel of them is widened, multiplied, and the next follows.
void multiply_in_panels(const Operand& x, Index N, const MatrixView& W, Real* out) {
    const Index stored_rows = W.transposed ? W.columns : W.rows;
    const Index width = W.transposed ? W.rows : W.columns;
    const Index panel_rows = std::clamp<Index>(panel_elements / width, 1, stored_rows);
    std::vector<Real> panel(static_cast<std::size_t>(panel_rows * width));
    for (Index begin = 0; begin < stored_rows; begin += panel_rows) {
        const Index count = std::min(panel_rows, stored_rows - begin);
#pragma omp parallel for schedule(static)
        for (Index r = 0; r < count; ++r) {
            widen(W.data, W.dtype, (begin + r) * W.leading, width, panel.data() + r * width);
        }
        if (W.transposed) {  // rows of the memory are columns of the result
            sgemm(x.transposed, true, N, count, W.rows, x.data, x.leading, panel.data(), width,
                  out + begin, W.columns);
        } else {  // rows of the memory are terms of the sum
            const Real* part = x.transposed ? x.data + begin * x.leading : x.data + begin;
            sgemm(x.transposed, false, N, W.columns, count, part, x.leading, panel.data(), width,
                  out, W.columns, begin > 0);
        }
    }
}

}  // namespace

void multiply(Ref2 x, const MatrixView& W, Real* out) {
    const Index N = x.shape[0];
    check_shape(
        "x", x, {N, W.rows},
        "the weight is [" + std::to_string(W.rows) + ", " + std::to_string(W.columns) + "]");
    if (N <= few_rows_at_most) {
        const Tensor2 dense = x.contiguous() ? Tensor2() : x.copy();
        multiply_few_rows(x.contiguous() ? x.data : dense.data(), N, W, out);
        return;
    }
    const Operand operand(x);
#if defined(VITRINE_REAL_DOUBLE)
    multiply_in_panels(operand, N, W, out);
#else
    if (W.dtype != DType::float32) {
        multiply_in_panels(operand, N, W, out);
    } else {
        sgemm(operand.transposed, W.transposed, N, W.columns, W.rows, operand.data, operand.leading,
              static_cast<const Real*>(W.data), W.leading, out, W.columns);
    }
#endif
}

Tensor2 matmul(Ref2 a, Ref2 b) {
    const auto [M, K] = shape2(a);
    const Index N = b.shape[1];
    check_shape("the right factor", b, {K, N}, "its rows must equal the columns of the left one");
    Tensor2 result = uninitialized<2>({M, N});
    matmul_into(a, b, result.data());
    return result;
}

Tensor3 matmul(Ref3 a, Ref3 b) {
    const auto [H, M, K] = shape3(a);
    const Index N = b.shape[2];
    check_shape("the right factor", b, {H, K, N},
                "its rows must equal the columns of the left one");
    Tensor3 result = uninitialized<3>({H, M, N});
    for (Index h = 0; h < H; ++h) matmul_into(a[h], b[h], result.data() + h * M * N);
    return result;
}

}  // namespace vitrine

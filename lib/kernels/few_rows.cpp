#include "kernels/few_rows.h"

#include <omp.h>

#include <algorithm>
#include <array>

#include "kernels/widen.h"

namespace vitrine {

namespace {

constexpr Index rows_at_once = 8;      // of W: so many streams the prefetcher follows
constexpr Index block_columns = 1024;  // 8 rows of 1,024 float32 stay in the first-level cache

bool needs_widening(DType dtype) {
    return dtype != DType::float32 || sizeof(Real) != sizeof(float);
}

/// out[c] += sum over the group of x[r] W[r, c], for columns [0, count).
void add_rows(const std::array<const Real*, rows_at_once>& w, const Real* x, Index rows,
              Index count, Real* out) {
    if (rows == rows_at_once) {
#pragma omp simd
        for (Index c = 0; c < count; ++c) {
            out[c] += ((x[0] * w[0][c] + x[1] * w[1][c]) + (x[2] * w[2][c] + x[3] * w[3][c])) +
                      ((x[4] * w[4][c] + x[5] * w[5][c]) + (x[6] * w[6][c] + x[7] * w[7][c]));
        }
        return;
    }
    for (Index r = 0; r < rows; ++r) {
        const Real* row = w[static_cast<std::size_t>(r)];
#pragma omp simd
        for (Index c = 0; c < count; ++c) out[c] += x[r] * row[c];
    }
}

/// W in memory as [rows, columns]: a block of columns of the result at a time, all rows of W.
void multiply_plain(const Real* x, Index N, const MatrixView& W, Real* out, Index begin,
                    Index end) {
    const bool widened = needs_widening(W.dtype);
    alignas(64) std::array<Real, rows_at_once * block_columns> buffer;
    for (Index block = begin; block < end; block += block_columns) {
        const Index count = std::min(block_columns, end - block);
        for (Index n = 0; n < N; ++n) std::fill_n(out + n * W.columns + block, count, Real{0});
        for (Index r = 0; r < W.rows; r += rows_at_once) {
            const Index rows = std::min(rows_at_once, W.rows - r);
            std::array<const Real*, rows_at_once> w{};
            for (Index i = 0; i < rows; ++i) {
                const Index start = (r + i) * W.leading + block;
                if (widened) {
                    Real* wide = buffer.data() + i * block_columns;
                    widen(W.data, W.dtype, start, count, wide);
                    w[static_cast<std::size_t>(i)] = wide;
                } else {
                    w[static_cast<std::size_t>(i)] = static_cast<const Real*>(W.data) + start;
                }
            }
            for (Index n = 0; n < N; ++n) {
                add_rows(w, x + n * W.rows + r, rows, count, out + n * W.columns + block);
            }
        }
    }
}

Real dot(const Real* a, const Real* b, Index count) {
    Real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (Index i = 0; i < count; ++i) sum += a[i] * b[i];
    return sum;
}

/// W in memory as [columns, rows]: each element of the result is a dot product.
void multiply_transposed(const Real* x, Index N, const MatrixView& W, Real* out, Index begin,
                         Index end) {
    const bool widened = needs_widening(W.dtype);
    alignas(64) std::array<Real, block_columns> buffer;
    for (Index c = begin; c < end; ++c) {
        for (Index n = 0; n < N; ++n) out[n * W.columns + c] = 0;
        for (Index r = 0; r < W.rows; r += block_columns) {
            const Index count = std::min(block_columns, W.rows - r);
            const Index start = c * W.leading + r;
            const Real* w = nullptr;
            if (widened) {
                widen(W.data, W.dtype, start, count, buffer.data());
                w = buffer.data();
            } else {
                w = static_cast<const Real*>(W.data) + start;
            }
            for (Index n = 0; n < N; ++n) {
                out[n * W.columns + c] += dot(x + n * W.rows + r, w, count);
            }
        }
    }
}

}  // namespace

void multiply_few_rows(const Real* x, Index N, const MatrixView& W, Real* out) {
    constexpr Index small = 1 << 15;  // elements: below, waking the other threads costs more
#pragma omp parallel if (W.rows * W.columns > small)
    {
        const Index team = omp_get_num_threads();
        const Index chunk = ((W.columns + team - 1) / team + 15) / 16 * 16;
        const Index begin = std::min<Index>(omp_get_thread_num() * chunk, W.columns);
        const Index end = std::min(begin + chunk, W.columns);
        if (begin < end) {
            (W.transposed ? multiply_transposed : multiply_plain)(x, N, W, out, begin, end);
        }
    }
}

}  // namespace vitrine

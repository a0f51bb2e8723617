#include "nn/weights.h"

#include <algorithm>
#include <utility>

#include "kernels/widen.h"
#include "tensor/shape.h"

namespace vitrine {

Matrix::Matrix(Tensor2 values) {
    const auto owner = std::make_shared<const Tensor2>(std::move(values));
    data = owner->data();
    rows = static_cast<Index>(owner->shape()[0]);
    columns = static_cast<Index>(owner->shape()[1]);
    leading = columns;
    keep_alive = owner;
}

Matrix Matrix::column_range(Index begin, Index end) const {
    Matrix part = *this;
    const Index first = transposed ? begin * leading : begin;
    part.data =
        static_cast<const std::byte*>(data) + static_cast<std::size_t>(first) * dtype_size(dtype);
    part.columns = end - begin;
    return part;
}

Matrix Matrix::transpose() const {
    Matrix other = *this;
    std::swap(other.rows, other.columns);
    other.transposed = !transposed;
    return other;
}

void Matrix::read_row(Index i, Real* out) const {
    if (!transposed) {
        widen(data, dtype, i * leading, columns, out);
        return;
    }
    for (Index c = 0; c < columns; ++c) widen(data, dtype, c * leading + i, 1, out + c);
}

Tensor2 Matrix::values() const {
    Tensor2 all = uninitialized<2>({rows, columns});
    for (Index r = 0; r < rows; ++r) read_row(r, all.data() + r * columns);
    return all;
}

Linear::Linear(Matrix weight, Tensor1 bias) : weight_(std::move(weight)), bias_(std::move(bias)) {
    if (has_bias()) check_shape("bias", bias_, {out_features()});
}

Tensor2 Linear::operator()(Ref2 x) const {
    const Index N = x.shape[0];
    const Index out = out_features();
    Tensor2 y = uninitialized<2>({N, out});  // [N, out]
    multiply(x, weight_, y.data());
    if (has_bias()) {
        for (Index n = 0; n < N; ++n) {
            Real* row = y.data() + n * out;
#pragma omp simd
            for (Index c = 0; c < out; ++c) row[c] += bias_.data()[c];
        }
    }
    return y;
}

}  // namespace vitrine

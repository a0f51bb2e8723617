// From token numbers to vectors and back, by one and the same table.
// The clear version. lib/nn/embedding.cpp is the fast one.
#include "embeddings.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "kernels/matmul.h"
#include "tensor/error.h"
#include "tensor/shape.h"

namespace vitrine::chapters {

Tensor2 embed(std::span<const int> ids, const Matrix& table) {
    // [marker:embed]
    Tensor2 x = zeros<2>({static_cast<Index>(ids.size()), table.columns});  // [N, C]
    for (std::size_t n = 0; n < ids.size(); ++n) {
        const int id = ids[n];
        if (id < 0 || id >= table.rows) {
            throw ArgumentError("id at position " + std::to_string(n),
                                "a number from 0 to " + std::to_string(table.rows - 1),
                                std::to_string(id));
        }
        table.read_row(id, &x(n, 0));  // row `id` of [V, C]
    }
    return x;
    // [/marker]
}

Tensor2 unembed(Ref2 x, const Matrix& table) {
    // [marker:unembed]
    const Tensor2 vectors = table.values();     // [V, C]
    return matmul(x, transpose_last(vectors));  // [N, C] x [C, V] = [N, V]
    // [/marker]
}

// [marker:cosine]
double cosine(Ref1 a, Ref1 b) {
    check_shape("b", b, a.shape);
    double product = 0, a_squares = 0, b_squares = 0;
    for (Index c = 0; c < a.shape[0]; ++c) {
        const double x = a(c), y = b(c);
        product += x * y;
        a_squares += x * x;
        b_squares += y * y;
    }
    const double lengths = std::sqrt(a_squares) * std::sqrt(b_squares);
    return lengths > 0 ? product / lengths : 0;
}
// [/marker]

std::vector<int> nearest(Ref1 vector, Ref2 table, int count) {
    // [marker:nearest]
    std::vector<double> similarity;
    for (Index v = 0; v < table.shape[0]; ++v) similarity.push_back(cosine(vector, table[v]));
    std::vector<int> order(similarity.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        return similarity[static_cast<std::size_t>(a)] > similarity[static_cast<std::size_t>(b)];
    });
    order.resize(std::min(order.size(), static_cast<std::size_t>(std::max(count, 0))));
    return order;
    // [/marker]
}

}  // namespace vitrine::chapters

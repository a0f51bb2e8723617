// Chapter 02.
#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "kernels/matmul.h"
#include "nn/parts.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace vitrine::mine {

Tensor2 embed(std::span<const int> ids, const Matrix& table) {
    const Tensor2 vectors = table.values();  // [V, C]
    Tensor2 x = zeros<2>({static_cast<Index>(ids.size()), table.columns});
    for (std::size_t n = 0; n < ids.size(); ++n) {
        for (Index c = 0; c < table.columns; ++c) x(n, c) = vectors(ids[n], c);
    }
    return x;
}

Tensor2 unembed(Ref2 x, const Matrix& table) {
    return matmul(x, transpose_last(table.values()));
}

std::vector<int> nearest(Ref1 vector, Ref2 table, int count) {
    const auto [V, C] = shape2(table);
    std::vector<std::pair<double, int>> found;  // minus the cosine, the row
    for (Index v = 0; v < V; ++v) {
        double product = 0, squares = 0;
        for (Index c = 0; c < C; ++c) {
            product += vector(c) * table(v, c);
            squares += table(v, c) * table(v, c);
        }
        // The length of `vector` is the same for all rows: it can't change their order.
        found.push_back({squares > 0 ? -product / std::sqrt(squares) : 0.0, static_cast<int>(v)});
    }
    std::sort(found.begin(), found.end());
    std::vector<int> rows;
    for (int i = 0; i < count; ++i) rows.push_back(found[static_cast<std::size_t>(i)].second);
    return rows;
}

}  // namespace vitrine::mine

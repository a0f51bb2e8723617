// Chapter 02: embeddings. Write the three functions; `vitrine check 02_embeddings` tells you how
// far they go.
#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "kernels/matmul.h"
#include "nn/parts.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace vitrine::mine {

/// The vector of each token: row `id` of the table.
///
/// @param ids    N token numbers, each from 0 to V - 1
/// @param table  [V, C]; table.values() is a Tensor2 with its numbers, table.columns is C
/// @return       [N, C]
///
/// Handy: zeros<2>({N, C}) makes a tensor, x(n, c) is an element.
Tensor2 embed(std::span<const int> ids, const Matrix& table) {
    const Tensor2 vectors = table.values();  // [V, C]
    Tensor2 x = zeros<2>({static_cast<Index>(ids.size()), table.columns});
    return x;
}

/// How well each token's vector fits each row: one number, a logit, for each token.
///
/// @param x      [N, C]
/// @param table  [V, C], the same table as above
/// @return       [N, V]
///
/// Handy: matmul(a, b) multiplies [N, C] by [C, V]; transpose_last(t) turns [V, C] into [C, V].
Tensor2 unembed(Ref2 /*x*/, const Matrix& /*table*/) {
    throw Todo("unembed");
}

/// The rows of the table that point most nearly where `vector` points, the nearest first.
/// Near means: the cosine of the angle between the two is large.
///
/// @param vector  [C]
/// @param table   [V, C]; table[v] is row v, a Ref1
/// @param count   how many numbers to return
/// @return        numbers of rows; of equal ones the smaller number first
///
/// Handy: std::sort with a comparison of your own, std::sqrt.
std::vector<int> nearest(Ref1 /*vector*/, Ref2 /*table*/, int /*count*/) {
    throw Todo("nearest");
}

}  // namespace vitrine::mine

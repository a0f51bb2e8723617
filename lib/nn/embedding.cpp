#include "nn/embedding.h"

#include "kernels/matmul.h"
#include "tensor/error.h"

namespace vitrine::fast {

Tensor2 embed(std::span<const int> ids, const Matrix& table) {
    const auto N = static_cast<Index>(ids.size());
    Tensor2 rows = uninitialized<2>({N, table.columns});
    for (Index n = 0; n < N; ++n) {
        const int id = ids[static_cast<std::size_t>(n)];
        if (id < 0 || id >= table.rows) {
            throw ArgumentError("id at position " + std::to_string(n),
                                "a number from 0 to " + std::to_string(table.rows - 1),
                                std::to_string(id),
                                "do the tokenizer and the model belong together?");
        }
        table.read_row(id, rows.data() + n * table.columns);
    }
    return rows;
}

Tensor2 unembed(Ref2 x, const Matrix& table) {
    Tensor2 logits = uninitialized<2>({x.shape[0], table.rows});  // [N, V]
    multiply(x, table.transpose(), logits.data());
    return logits;
}

}  // namespace vitrine::fast

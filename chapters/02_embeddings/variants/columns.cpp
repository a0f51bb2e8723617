// Columns are taken for rows: the memory is read as [C, V].
#define embed right_embed  // the other functions are the solution's
#include "../solution.cpp"
#undef embed

namespace vitrine::mine {

Tensor2 embed(std::span<const int> ids, const Matrix& table) {
    const Tensor2 vectors = table.values();
    const auto V = static_cast<Index>(vectors.shape()[0]);
    Tensor2 x = zeros<2>({static_cast<Index>(ids.size()), table.columns});
    for (std::size_t n = 0; n < ids.size(); ++n) {
        for (Index c = 0; c < table.columns; ++c) x(n, c) = vectors.data()[c * V + ids[n]];
    }
    return x;
}

}  // namespace vitrine::mine

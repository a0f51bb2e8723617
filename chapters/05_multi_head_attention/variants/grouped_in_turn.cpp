// Query heads take the key heads in turn: 0, 1, 0, 1.
#define grouped right_grouped  // the other functions are the solution's
#include "../solution.cpp"
#undef grouped

namespace vitrine::mine {

Tensor3 grouped(Ref3 heads, Index H) {
    const auto [K, S, D] = shape3(heads);
    Tensor3 result = zeros<3>({H, S, D});
    for (Index h = 0; h < H; ++h) xt::view(result, h) = heads[h % K].xt();
    return result;
}

}  // namespace vitrine::mine

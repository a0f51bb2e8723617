// All query heads read the first key head.
#define grouped right_grouped  // the other functions are the solution's
#include "../solution.cpp"
#undef grouped

namespace vitrine::mine {

Tensor3 grouped(Ref3 heads, Index H) {
    const auto [K, S, D] = shape3(heads);
    Tensor3 result = zeros<3>({H, S, D});
    for (Index h = 0; h < H; ++h) xt::view(result, h) = heads[0].xt();
    return result;
}

}  // namespace vitrine::mine

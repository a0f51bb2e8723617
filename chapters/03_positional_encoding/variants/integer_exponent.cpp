// 2 i / C is divided among integers: always 0.
#define sinusoidal right_sinusoidal  // the other functions are the solution's
#include "../solution.cpp"
#undef sinusoidal

namespace vitrine::mine {

Tensor2 sinusoidal(Index T, Index C) {
    Tensor2 table = zeros<2>({T, C});
    for (Index t = 0; t < T; ++t) {
        for (Index i = 0; 2 * i < C; ++i) {
            const double angle = double(t) / std::pow(10000.0, 2 * i / C);
            table(t, 2 * i) = static_cast<Real>(std::sin(angle));
            table(t, 2 * i + 1) = static_cast<Real>(std::cos(angle));
        }
    }
    return table;
}

}  // namespace vitrine::mine

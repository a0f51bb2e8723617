// The pairs turn the other way round.
#define rotate right_rotate  // the other functions are the solution's
#include "../solution.cpp"
#undef rotate

namespace vitrine::mine {

Tensor3 rotate(Ref3 x, const Rotary& rotary, Index start) {
    const auto [H, T, D] = shape3(x);
    const auto pairs = static_cast<Index>(rotary.frequencies.size());
    Tensor3 result = x.copy();
    for (Index h = 0; h < H; ++h) {
        for (Index t = 0; t < T; ++t) {
            for (Index i = 0; i < pairs; ++i) {
                const double angle = double(rotary.frequencies(i)) * double(start + t);
                const bool next_to_each_other = rotary.interleaved;
                const Index first = next_to_each_other ? 2 * i : i;
                const Index second = next_to_each_other ? 2 * i + 1 : i + pairs;
                const double a = x(h, t, first), b = x(h, t, second);
                result(h, t, first) = Real(a * std::cos(angle) + b * std::sin(angle));
                result(h, t, second) = Real(-a * std::sin(angle) + b * std::cos(angle));
            }
        }
    }
    return result;
}

}  // namespace vitrine::mine

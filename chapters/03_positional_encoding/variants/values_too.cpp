// The values are turned too.
#define rotate_heads right_rotate_heads  // the other functions are the solution's
#include "../solution.cpp"
#undef rotate_heads

namespace vitrine::mine {

std::array<Tensor3, 3> rotate_heads(Ref3 q, Ref3 k, Ref3 v, const Rotary& rotary, Index start) {
    return {rotate(q, rotary, start), rotate(k, rotary, start), rotate(v, rotary, start)};
}

}  // namespace vitrine::mine

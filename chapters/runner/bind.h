// What a chapter's bind.h is made of: hands a learner's function to the runner, and refuses another
// signature.
//     VITRINE_EXERCISE(embed, Tensor2(std::span<const int>, const Matrix&))
// The build puts all variants of a chapter into one file, where `mine` stands for variant_NAME.
#pragma once

#include <type_traits>

#define VITRINE_JOINED(space, name) vitrine_##space##_##name
#define VITRINE_SYMBOL(space, name) VITRINE_JOINED(space, name)
#define VITRINE_EXERCISE(name, ...)                                                        \
    namespace vitrine::mine {                                                              \
    using Exercise_##name = __VA_ARGS__;                                                   \
    static_assert(std::is_same_v<decltype(&name), Exercise_##name*>,                       \
                  #name " must keep the parameters and the result that the stub gave it"); \
    extern "C" Exercise_##name* VITRINE_SYMBOL(mine, name);                                \
    Exercise_##name* VITRINE_SYMBOL(mine, name) = &name;                                   \
    }

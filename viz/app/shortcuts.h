// What the keyboard does everywhere in the window: the list under F1.
#pragma once

#include <span>

namespace vitrine::viz {

struct Shortcut {
    const char *keys, *english, *korean;
};

/// In the order in which they are shown. "Ctrl+A, C" is Ctrl+A and Ctrl+C.
std::span<const Shortcut> shortcuts();

}  // namespace vitrine::viz

// Overflows on purpose: undefined behaviour must end the program.
#include <limits>

int main(int argc, char**) {
    const int more = std::numeric_limits<int>::max() - 1 + argc;
    return more + argc == 0 ? 1 : 0;
}

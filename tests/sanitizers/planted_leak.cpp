// Leaks on purpose: the suppressions must not hide it.
#include <cstdlib>

int main() {
    void* volatile lost = std::malloc(1000);
    lost = nullptr;
    return lost == nullptr ? 0 : 1;
}

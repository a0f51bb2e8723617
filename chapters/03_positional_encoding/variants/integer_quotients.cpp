// The quotients inside of the logarithms are cut off.
#define relative_bucket right_relative_bucket  // the other functions are the solution's
#include "../solution.cpp"
#undef relative_bucket

namespace vitrine::mine {

int relative_bucket(Index relative, bool bidirectional, int buckets, int max_distance) {
    int first = 0;
    if (bidirectional) {
        buckets /= 2;
        if (relative > 0) first = buckets;
        relative = std::abs(relative);
    } else {
        relative = std::max<Index>(-relative, 0);
    }
    const int exact = buckets / 2;
    if (relative < exact) return first + static_cast<int>(relative);
    const double place = std::log(relative / exact) / std::log(max_distance / exact) *
                         static_cast<double>(buckets - exact);
    return first + std::min(exact + static_cast<int>(place), buckets - 1);
}

}  // namespace vitrine::mine

// The cosine falls to zero.
#define learning_rate right_learning_rate  // the other functions are the solution's
#include "../solution.cpp"
#undef learning_rate

namespace vitrine::mine {

double learning_rate(const Schedule& schedule, Index step) {
    const double warm = step < schedule.warm_up ? double(step + 1) / double(schedule.warm_up) : 1.0;
    const double done = std::min(1.0, double(step) / double(schedule.steps));
    const double cosine = (1 + std::cos(std::numbers::pi * done)) / 2;
    return schedule.peak * warm * cosine;
}

}  // namespace vitrine::mine

// The warm-up begins at 0.
#define learning_rate right_learning_rate  // the other functions are the solution's
#include "../solution.cpp"
#undef learning_rate

namespace vitrine::mine {

double learning_rate(const Schedule& schedule, Index step) {
    const double warm = step < schedule.warm_up ? double(step) / double(schedule.warm_up) : 1.0;
    const double done = std::min(1.0, double(step) / double(schedule.steps));
    const double cosine = (1 + std::cos(std::numbers::pi * done)) / 2;
    return schedule.peak * warm * (schedule.floor + (1 - schedule.floor) * cosine);
}

}  // namespace vitrine::mine

// state.step stays where it is.
#define train_step right_train_step  // the other functions are the solution's
#include "../solution.cpp"
#undef train_step

namespace vitrine::mine {

double train_step(const TrainingParts& parts, TrainingState& state,
                  const std::function<double()>& add_gradients, const Schedule& schedule,
                  const AdamWOptions& options) {
    std::fill(state.grads.begin(), state.grads.end(), Real{0});
    const double loss = add_gradients();
    const double rate = parts.learning_rate(schedule, state.step);
    parts.adamw_step(state.values, state.grads, state.mean, state.square, state.step + 1, rate,
                     options);
    return loss;
}

}  // namespace vitrine::mine

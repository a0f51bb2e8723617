// The decay is not multiplied by the learning rate.
#define adamw_step right_adamw_step  // the other functions are the solution's
#include "../solution.cpp"
#undef adamw_step

namespace vitrine::mine {

void adamw_step(std::span<Real> values, std::span<const Real> grads, std::span<Real> mean,
                std::span<Real> square, Index step, double rate, const AdamWOptions& options) {
    const auto b1 = static_cast<Real>(options.beta1), b2 = static_cast<Real>(options.beta2);
    const auto correction1 = static_cast<Real>(1 - std::pow(options.beta1, step));
    const auto correction2 = static_cast<Real>(1 - std::pow(options.beta2, step));
    for (std::size_t i = 0; i < values.size(); ++i) {
        mean[i] = b1 * mean[i] + (1 - b1) * grads[i];
        square[i] = b2 * square[i] + (1 - b2) * grads[i] * grads[i];
        const Real m_hat = mean[i] / correction1, v_hat = square[i] / correction2;
        const Real direction = m_hat / (std::sqrt(v_hat) + Real(options.epsilon));
        values[i] -= Real(rate) * direction + Real(options.weight_decay) * values[i];
    }
}

}  // namespace vitrine::mine

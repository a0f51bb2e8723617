#include "viz/views/likeliest.h"

#include <cmath>

namespace vitrine::viz {

std::vector<double> softmax(std::span<const Real> logits) {
    const double largest = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
    std::vector<double> result(logits.size());
    double sum = 0.0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        result[i] = std::exp(static_cast<double>(logits[i]) - largest);
        sum += result[i];
    }
    for (double& value : result) value /= sum;
    return result;
}

}  // namespace vitrine::viz

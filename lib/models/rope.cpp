#include "models/rope.h"

#include <cmath>
#include <numbers>

#include "tensor/error.h"

namespace vitrine {

namespace {

/// Llama 3: slow turns are slowed down by `factor`, fast ones stay, with a ramp in between.
void scale_llama3(Tensor1& frequencies, const ConfigFile& config) {
    const auto number = [&](const std::string& key) {
        return config.number({"rope_parameters." + key, "rope_scaling." + key});
    };
    const double factor = number("factor");
    const double low = number("low_freq_factor"), high = number("high_freq_factor");
    const double length = number("original_max_position_embeddings");
    if (!(factor > 0) || !(high > low)) {
        throw FileError(
            config.where() + ", \"rope_parameters\"",
            "factor > 0 and high_freq_factor > low_freq_factor",
            std::to_string(factor) + ", " + std::to_string(high) + " and " + std::to_string(low));
    }
    for (Real& frequency : frequencies) {
        const double turns = length * static_cast<double>(frequency) / (2 * std::numbers::pi);
        const double smooth = std::clamp((turns - low) / (high - low), 0.0, 1.0);
        const double exact = static_cast<double>(frequency);
        frequency = static_cast<Real>((1 - smooth) * exact / factor + smooth * exact);
    }
}

}  // namespace

Tensor1 read_rotary_frequencies(const ConfigFile& config, Index head_width) {
    if (head_width % 2 != 0) {
        throw FileError(config.where() + ", \"head_dim\"", "an even number, for rotary pairs",
                        std::to_string(head_width));
    }
    const double theta = config.number({"rope_parameters.rope_theta", "rope_theta"}, 10000.0);
    Tensor1 frequencies = rotary_frequencies(head_width, theta);
    const std::string type = config.text(
        {"rope_parameters.rope_type", "rope_scaling.rope_type", "rope_scaling.type"}, "default");
    if (type == "default") return frequencies;
    if (type == "llama3") {
        scale_llama3(frequencies, config);
    } else if (type == "linear") {
        const double factor = config.number({"rope_parameters.factor", "rope_scaling.factor"});
        for (Real& frequency : frequencies) frequency = static_cast<Real>(frequency / factor);
    } else {
        throw FileError(config.where() + ", \"rope_type\"", "default, linear or llama3",
                        "\"" + type + "\"");
    }
    return frequencies;
}

}  // namespace vitrine

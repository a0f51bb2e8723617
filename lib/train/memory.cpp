#include <algorithm>
#include <cstdio>
#include <fstream>
#include <limits>

#include "train/run.h"

namespace vitrine::train {

namespace {

std::string size_text(std::size_t bytes) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f GB", static_cast<double>(bytes) / 1e9);
    return text;
}

/// A whole number from a file; `none` if there is none ("max").
std::size_t number_in(const char* path, std::size_t none) {
    std::ifstream file(path);
    std::size_t number = 0;
    return file >> number ? number : none;
}

}  // namespace

std::size_t training_bytes(const Trainer& trainer, Index rows, Index T) {
    // Values, gradients and AdamW's two averages.
    return 4 * trainer.parameters().values().size() * sizeof(Real) +
           trainer.activation_bytes(rows, T);
}

std::size_t available_memory() {
    constexpr std::size_t unknown = std::numeric_limits<std::size_t>::max();
    std::size_t available = unknown;
    std::ifstream file("/proc/meminfo");
    for (std::string key, rest; file >> key && std::getline(file, rest);) {
        if (key == "MemAvailable:") available = std::stoull(rest) * 1024;
    }
    const std::size_t most = number_in("/sys/fs/cgroup/memory.max", unknown);
    if (most != unknown) {
        const std::size_t used = number_in("/sys/fs/cgroup/memory.current", 0);
        available = std::min(available, most - std::min(most, used));
    }
    return available;
}

void check_memory(std::size_t needed, std::size_t available) {
    if (needed <= available) return;
    throw ArgumentError(
        "memory of a training step", "at most the " + size_text(available) + " free",
        size_text(needed),
        "take fewer or shorter rows, accumulate over more parts, or a smaller model");
}

}  // namespace vitrine::train

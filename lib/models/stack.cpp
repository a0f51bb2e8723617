#include "models/stack.h"

#include <cmath>
#include <limits>
#include <string>

#include "tensor/error.h"

namespace vitrine {

void check_input(const TokenInput& input, Index positions) {
    const auto T = static_cast<Index>(input.ids.size());
    if (T == 0) throw ArgumentError("ids", "at least one token id", "none");
    if (T > positions) {
        throw ArgumentError("ids", "at most " + std::to_string(positions) + " positions",
                            std::to_string(T), "shorten the text");
    }
    const auto check = [&](std::span<const int> values, const char* name) {
        if (values.empty() || static_cast<Index>(values.size()) == T) return;
        throw ArgumentError(name, std::to_string(T) + " numbers, one for each id",
                            std::to_string(values.size()));
    };
    check(input.type_ids, "type_ids");
    check(input.mask, "mask");
}

Tensor2 mask_bias(std::span<const int> mask, Index T) {
    if (std::find(mask.begin(), mask.end(), 0) == mask.end()) return {};
    const auto S = static_cast<Index>(mask.size());
    Tensor2 bias = zeros<2>({T, S});
    for (Index t = 0; t < T; ++t) {
        for (Index s = 0; s < S; ++s) {
            if (mask[static_cast<std::size_t>(s)] == 0) {
                bias(t, s) = -std::numeric_limits<Real>::infinity();
            }
        }
    }
    return bias;
}

Tensor2 run_blocks(const Parts& parts, Tensor2 x, const Bias& bias,
                   const std::vector<BlockWeights>& blocks, Record* record,
                   const std::stop_token& stop) {
    for (std::size_t l = 0; l < blocks.size(); ++l) {
        if (stop.stop_requested()) throw Stopped();
        const Scope in_block(record, "blocks." + std::to_string(l) + ".");
        x = parts.encoder_block(parts, x, bias, blocks[l], nullptr, record);
    }
    return x;
}

void apply_tanh(Tensor1& x) {
    for (Real& value : x) value = std::tanh(value);
}

}  // namespace vitrine

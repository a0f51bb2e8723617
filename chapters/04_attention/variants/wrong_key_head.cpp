// Known mistake: query head h reads key head h % K, the key heads in turn.
#include <algorithm>
#include <cmath>
#include <limits>

#include "activations/record.h"
#include "kernels/matmul.h"
#include "nn/bias.h"
#include "nn/parts.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace vitrine::mine {

Tensor3 attention(Ref3 q, Ref3 k, Ref3 v, const Bias& bias, float scale, Record* record) {
    const auto [H, T, D] = shape3(q);
    const auto [K, S, Dk] = shape3(k);

    Tensor3 scores = zeros<3>({H, T, S});
    for (Index h = 0; h < H; ++h) {
        const Ref2 key = k[h % K];
        for (Index t = 0; t < T; ++t) {
            for (Index s = 0; s < S; ++s) {
                for (Index d = 0; d < D; ++d) scores(h, t, s) += q(h, t, d) * key(s, d);
                scores(h, t, s) *= scale;
            }
        }
    }
    tap(record, "scores", scores, "HTS");

    Tensor3 pattern = add_bias(scores, bias);
    for (Index h = 0; h < H; ++h) {
        for (Index t = 0; t < T; ++t) {
            Real* row = &pattern(h, t, 0);
            const Real largest = *std::max_element(row, row + S);
            Real sum = 0;
            for (Index s = 0; s < S; ++s) {
                row[s] = std::isinf(largest) ? 0 : std::exp(row[s] - largest);
                sum += row[s];
            }
            for (Index s = 0; s < S; ++s) row[s] = sum > 0 ? row[s] / sum : 0;
        }
    }
    tap(record, "pattern", pattern, "HTS");

    Tensor3 z = zeros<3>({H, T, D});
    for (Index h = 0; h < H; ++h) {
        const Ref2 value = v[h % K];
        for (Index t = 0; t < T; ++t) {
            for (Index s = 0; s < S; ++s) {
                for (Index d = 0; d < D; ++d) z(h, t, d) += pattern(h, t, s) * value(s, d);
            }
        }
    }
    tap(record, "z", z, "HTD");
    return z;
}

}  // namespace vitrine::mine

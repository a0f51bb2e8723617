#pragma once

#include "nn/parts.h"

namespace vitrine::fast {

/// A pre-norm decoder block: x + attention(norm(x)), then + feed_forward(norm(that)).
///
/// @param x        [N, C], the residual stream
/// @param record   takes "resid_pre", "ln_1", "attn_out", "resid_mid", "ln_2", "mlp_out",
///                 "resid_post", all [N, C], and what its parts hand over
/// @return         [N, C]
/// Source: Radford et al. 2019, section 2.3 (pre-norm); Vaswani et al. 2017, figure 1.
Tensor2 block(const Parts& parts, Ref2 x, Segments segments, const BlockWeights& weights,
              Record* record = nullptr);

}  // namespace vitrine::fast

// The test list of the norms: the fast and the clear implementation both run it.
#pragma once

#include <functional>

#include "golden.h"
#include "nn/weights.h"

namespace vitrine::test {

using NormFunction = std::function<Tensor2(Ref2, const NormWeights&)>;

inline void layer_norm_cases(const NormFunction& layer_norm) {
    for (const char* name : {"layer_norm", "layer_norm_tiny_variance"}) {
        INFO(name);
        const TensorFile file =
            TensorFile::open(fixture(std::string("parts/") + name + ".safetensors"));
        const NormWeights weights{golden<1>(file, "weight"), golden<1>(file, "bias"), 1e-5F};
        // Numbers around 1 that differ by 1e-3: rounding each, and their mean, to float32 moves the
        // result by 5e-5 for a gain of 1; gains reach 2.5.
        const double bound = std::string(name) == "layer_norm" ? 1e-5 : 2e-4;
        CHECK(largest_difference(layer_norm(golden<2>(file, "x"), weights),
                                 golden<2>(file, "output")) < bound);
    }
    // Without a bias: (1, 3) has mean 2 and deviation 1. A view whose rows are not dense, too.
    const NormWeights plain{Tensor1{1, 1}, {}, 0.0F};
    CHECK(largest_difference(layer_norm(Tensor2{{1, 3}}, plain), Tensor2{{-1, 1}}) < 1e-6);
    const Tensor2 columns{{1, 10}, {3, 30}};
    CHECK(largest_difference(layer_norm(transpose_last(columns), plain),
                             Tensor2{{-1, 1}, {-1, 1}}) < 1e-6);
    CHECK_THROWS_AS(layer_norm(Tensor2{{1, 2, 3}}, plain), ShapeError);
    const NormWeights wrong{Tensor1{1, 1}, Tensor1{1, 1, 1}, 0.0F};
    CHECK_THROWS_AS(layer_norm(Tensor2{{1, 2}}, wrong), ShapeError);
}

inline void rms_norm_cases(const NormFunction& rms_norm) {
    const TensorFile file = TensorFile::open(fixture("parts/rms_norm.safetensors"));
    const NormWeights weights{golden<1>(file, "weight"), {}, 1e-6F, Norm::rms};
    CHECK(largest_difference(rms_norm(golden<2>(file, "x"), weights), golden<2>(file, "output")) <
          1e-5);
    const NormWeights plain{Tensor1{1, 1}, {}, 0.0F, Norm::rms};
    CHECK(largest_difference(rms_norm(Tensor2{{5, 5}}, plain), Tensor2{{1, 1}}) < 1e-6);
    const Tensor2 columns{{3, 5}, {3, 5}};
    CHECK(largest_difference(rms_norm(transpose_last(columns), plain), Tensor2{{1, 1}, {1, 1}}) <
          1e-6);
    CHECK_THROWS_AS(rms_norm(Tensor2{{1, 2, 3}}, plain), ShapeError);
}

}  // namespace vitrine::test

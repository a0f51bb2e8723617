// The backward functions against torch's gradients in float64 (tests/fixtures/README.md).
#include "train/backward.h"

#include <doctest/doctest.h>

#include "golden.h"
#include "nn/attention.h"
#include "tensor/error.h"

using namespace vitrine;
using namespace vitrine::train;
using vitrine::test::fixture;
using vitrine::test::golden;
using vitrine::test::largest_difference;

namespace {

TensorFile part(const std::string& name) {
    return TensorFile::open(fixture("parts/" + name + ".safetensors"));
}

/// Largest difference, in parts of the largest number of the golden tensor.
template <std::size_t N>
double relative(const Tensor<N>& got, const Tensor<N>& expected) {
    double largest = 0;
    for (const Real value : expected) largest = std::max(largest, std::abs(double(value)));
    return largest_difference(got, expected) / largest;
}

constexpr double bound = 1e-5;  // float32 sums of at most a hundred products

}  // namespace

TEST_CASE("backward: linear, in both layouts of the weight") {
    const TensorFile file = part("linear");
    const Tensor2 x = golden<2>(file, "x"), dy = golden<2>(file, "cotangent");
    const Tensor2 weight = golden<2>(file, "weight");
    const Tensor2 turned = xt::transpose(weight);
    for (const bool transposed : {false, true}) {
        Tensor2 dx = zeros<2>({7, 24}), dw = zeros<2>({24, 10});
        if (transposed) dw = zeros<2>({10, 24});
        Tensor1 db = zeros<1>({10});
        linear_backward(dy, x, transposed ? turned.data() : weight.data(), transposed, dx.data(),
                        dw.data(), db.data());
        CHECK(relative(dx, golden<2>(file, "grad.x")) < bound);
        const Tensor2 as_stored = transposed ? Tensor2(xt::transpose(dw)) : dw;
        CHECK(relative(as_stored, golden<2>(file, "grad.weight")) < bound);
        CHECK(relative(db, golden<1>(file, "grad.bias")) < bound);
        // A second time adds up.
        linear_backward(dy, x, weight.data(), false, nullptr, dw.data(), db.data());
        CHECK(relative(db, Tensor1(2 * golden<1>(file, "grad.bias"))) < bound);
    }
}

TEST_CASE("backward: layer norm and RMS norm") {
    {
        const TensorFile file = part("layer_norm");
        Tensor2 dx = golden<2>(file, "cotangent");
        Tensor1 gain = zeros<1>({24}), bias = zeros<1>({24});
        layer_norm_backward(dx, golden<2>(file, "x"),
                            {golden<1>(file, "weight"), golden<1>(file, "bias")}, dx.data(),
                            gain.data(), bias.data());
        CHECK(relative(dx, golden<2>(file, "grad.x")) < bound);
        CHECK(relative(gain, golden<1>(file, "grad.weight")) < bound);
        CHECK(relative(bias, golden<1>(file, "grad.bias")) < bound);
    }
    const TensorFile file = part("rms_norm");
    Tensor2 dx = golden<2>(file, "cotangent");
    Tensor1 gain = zeros<1>({24});
    NormWeights weights{golden<1>(file, "weight"), {}, 1e-6F, Norm::rms};
    rms_norm_backward(dx, golden<2>(file, "x"), weights, dx.data(), gain.data());
    CHECK(relative(dx, golden<2>(file, "grad.x")) < bound);
    CHECK(relative(gain, golden<1>(file, "grad.weight")) < bound);
}

TEST_CASE("backward: activations") {
    for (const auto& [name, kind] :
         {std::pair{"gelu_tanh", Activate::gelu_tanh},
          std::pair{"gelu_exact", Activate::gelu_exact}, std::pair{"silu", Activate::silu}}) {
        const char* label = name;
        CAPTURE(label);
        const TensorFile file = part(name);
        Tensor1 dx = golden<1>(file, "cotangent");
        const Tensor1 x = golden<1>(file, "x");
        activation_backward({dx.data(), dx.size()}, {x.data(), x.size()}, kind, dx.data());
        CHECK(relative(dx, golden<1>(file, "grad.x")) < bound);
    }
    const Tensor1 x{-1, 2};
    Tensor1 dx{5, 7};
    activation_backward({dx.data(), 2}, {x.data(), 2}, Activate::relu, dx.data());
    CHECK(dx == Tensor1{0, 7});
}

TEST_CASE("backward: SwiGLU, from its linear maps and the gated product") {
    const TensorFile file = part("swiglu");
    const Tensor2 x = golden<2>(file, "x"), dy = golden<2>(file, "cotangent");
    const Tensor2 w_gate = golden<2>(file, "w_gate"), w_up = golden<2>(file, "w_up");
    const Tensor2 w_down = golden<2>(file, "w_down");
    Tensor2 gate = matmul(Ref2(x), Ref2(w_gate)), up = matmul(Ref2(x), Ref2(w_up));
    Tensor2 post = gate;
    for (std::size_t i = 0; i < post.size(); ++i) {
        const Real g = gate.data()[i];
        post.data()[i] = g / (1 + std::exp(-g)) * up.data()[i];
    }
    Tensor2 d_post = zeros<2>({7, 40}), d_down = zeros<2>({40, 24});
    linear_backward(dy, post, w_down.data(), false, d_post.data(), d_down.data(), nullptr);
    CHECK(relative(d_down, golden<2>(file, "grad.w_down")) < bound);
    gated_backward({d_post.data(), d_post.size()}, {gate.data(), gate.size()},
                   {up.data(), up.size()}, Activate::silu, gate.data(), up.data());
    Tensor2 dx = zeros<2>({7, 24}), dx_up = dx, dw = zeros<2>({24, 40}), dw_up = dw;
    linear_backward(gate, x, w_gate.data(), false, dx.data(), dw.data(), nullptr);
    linear_backward(up, x, w_up.data(), false, dx_up.data(), dw_up.data(), nullptr);
    CHECK(relative(Tensor2(dx + dx_up), golden<2>(file, "grad.x")) < bound);
    CHECK(relative(dw, golden<2>(file, "grad.w_gate")) < bound);
    CHECK(relative(dw_up, golden<2>(file, "grad.w_up")) < bound);
}

TEST_CASE("backward: attention") {
    for (const char* name : {"attention_causal", "attention_cross"}) {
        CAPTURE(name);
        const TensorFile file = part(name);
        const Tensor3 q = golden<3>(file, "q"), k = golden<3>(file, "k"), v = golden<3>(file, "v");
        const auto D = static_cast<Index>(q.shape()[2]);
        Tensor3 dq = xt::zeros_like(q), dk = xt::zeros_like(k), dv = xt::zeros_like(v);
        const auto rows = [&](Tensor3& to) {
            return HeadRows{to.data(), static_cast<Index>(to.shape()[1]) * D, D};
        };
        attention_backward(golden<3>(file, "cotangent"), q, k, v, golden<3>(file, "pattern"),
                           1 / std::sqrt(Real(D)), rows(dq), rows(dk), rows(dv));
        CHECK(relative(dq, golden<3>(file, "grad.q")) < bound);
        CHECK(relative(dk, golden<3>(file, "grad.k")) < bound);
        CHECK(relative(dv, golden<3>(file, "grad.v")) < bound);
    }
}

TEST_CASE("backward: rotation, in both layouts; from a later position it turns back") {
    for (const std::string layout : {"half", "interleaved"}) {
        const TensorFile file = part("rotary_" + layout);
        const Tensor3 dy = golden<3>(file, "cotangent");
        Rotary rotary{zeros<1>({4}), layout == "interleaved"};
        for (Index i = 0; i < 4; ++i)
            rotary.frequencies(i) = static_cast<Real>(std::pow(10000.0, -double(i) / 4));
        Tensor3 dx = xt::zeros_like(dy);
        rotate_backward(dy, rotary, 0, {dx.data(), 7 * 8, 8});
        CHECK(relative(dx, golden<3>(file, "grad.x")) < bound);
        // A rotation is orthogonal: its backward undoes it.
        const TensorFile later = part("rotary_" + layout + "_from_5");
        rotate_backward(golden<3>(later, "output"), rotary, 5, {dx.data(), 7 * 8, 8});
        CHECK(relative(dx, golden<3>(later, "x")) < bound);
    }
}

TEST_CASE("backward: embedding rows that come twice add up") {
    const TensorFile file = part("embedding");
    const auto wide = file.at("ids").integers();
    const std::vector<int> ids(wide.begin(), wide.end());
    Tensor2 table = zeros<2>({30, 24});
    embed_backward(golden<2>(file, "cotangent"), ids, table.data());
    CHECK(relative(table, golden<2>(file, "grad.table")) < bound);
}

TEST_CASE("backward: cross-entropy, with targets that do not count") {
    const TensorFile file = part("cross_entropy");
    const auto wide = file.at("targets").integers();
    std::vector<int> targets(wide.begin(), wide.end());
    Tensor2 logits = golden<2>(file, "logits");
    const double cotangent = double(file.at("cotangent").floats()[0]);
    const Loss loss = cross_entropy_backward(logits.data(), 7, 20, targets, cotangent);
    CHECK(loss.count == 6);  // one of the seven is marked
    CHECK(loss.mean() == doctest::Approx(double(file.at("output").floats()[0])).epsilon(1e-5));
    CHECK(relative(logits, golden<2>(file, "grad.logits")) < bound);

    // By hand: two classes, logits 0 and ln 3; the second row does not count.
    Tensor2 two{{0, std::log(3.0F)}, {5, 5}};
    const std::vector<int> one{0, -1};
    const Loss by_hand = cross_entropy_backward(two.data(), 2, 2, one);
    CHECK(by_hand.count == 1);
    CHECK(by_hand.mean() == doctest::Approx(std::log(4.0)));
    CHECK(double(two(0, 0)) == doctest::Approx(-0.75));
    CHECK(double(two(0, 1)) == doctest::Approx(0.75));
    CHECK(two(1, 0) == 0);
    const std::vector<int> beyond{2, 0};
    CHECK_THROWS_AS(cross_entropy_backward(two.data(), 2, 2, beyond), ArgumentError);
}

// Every backward function against central differences in float64: (f(x + h) - f(x - h)) / 2h with
// f = sum(y * dy). With h = 1e-6 the error is about h^2 + 1e-16 / h, so 1e-8 of the largest number.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "nn/relative_bias.h"
#include "tensor/random.h"
#include "tensor/shape.h"
#include "train/backward.h"
#include "train/dropout.h"

using namespace vitrine;
using namespace vitrine::train;

static_assert(sizeof(Real) == 8);

namespace {

using Numbers = std::vector<Real>;

Numbers random_numbers(std::size_t count, std::uint64_t seed) {
    Random random(seed);
    Numbers numbers(count);
    for (Real& number : numbers) number = random.normal();
    return numbers;
}

Real dot(const Numbers& a, const Numbers& b) {
    Real sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

/// `gradient` against the differences of sum(f() * dy) when `x` is moved.
void check_gradient(Numbers& x, const Numbers& gradient, const Numbers& dy,
                    const std::function<Numbers()>& f) {
    REQUIRE(x.size() == gradient.size());
    constexpr Real h = 1e-6;
    Real largest = 1e-3, worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const Real kept = x[i];
        x[i] = kept + h;
        const Real above = dot(f(), dy);
        x[i] = kept - h;
        const Real below = dot(f(), dy);
        x[i] = kept;
        worst = std::max(worst, std::abs((above - below) / (2 * h) - gradient[i]));
        largest = std::max(largest, std::abs(gradient[i]));
    }
    CHECK(worst / largest < 1e-7);
}

Tensor1 tensor(const Numbers& x) {
    Tensor1 result = uninitialized<1>({static_cast<Index>(x.size())});
    std::copy(x.begin(), x.end(), result.begin());
    return result;
}

Real activated(Real x, Activate kind) {
    switch (kind) {
        case Activate::gelu_tanh:
            return x / 2 * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
        case Activate::gelu_exact: return x / 2 * (1 + std::erf(x / std::sqrt(2.0)));
        case Activate::silu: return x / (1 + std::exp(-x));
        case Activate::quick_gelu: return x / (1 + std::exp(-1.702 * x));
        case Activate::relu: return std::max(x, 0.0);
    }
    return 0;
}

constexpr Index N = 4, C = 5, F = 3;

}  // namespace

TEST_CASE("central differences: linear") {
    Numbers x = random_numbers(N * C, 1), w = random_numbers(C * F, 2), b = random_numbers(F, 3);
    const Numbers dy = random_numbers(N * F, 4);
    const auto y = [&] {
        Numbers out(N * F);
        for (Index n = 0; n < N; ++n) {
            for (Index f = 0; f < F; ++f) {
                Real sum = b[std::size_t(f)];
                for (Index c = 0; c < C; ++c)
                    sum += x[std::size_t(n * C + c)] * w[std::size_t(c * F + f)];
                out[std::size_t(n * F + f)] = sum;
            }
        }
        return out;
    };
    Numbers dx(N * C), dw(C * F), db(F);
    linear_backward(Ref2(dy.data(), {N, F}), Ref2(x.data(), {N, C}), w.data(), false, dx.data(),
                    dw.data(), db.data());
    check_gradient(x, dx, dy, y);
    check_gradient(w, dw, dy, y);
    check_gradient(b, db, dy, y);
}

TEST_CASE("central differences: layer norm and RMS norm") {
    for (const bool rms : {false, true}) {
        CAPTURE(rms);
        Numbers x = random_numbers(N * C, 5), gain = random_numbers(C, 6), bias(C, 0.5);
        const Numbers dy = random_numbers(N * C, 7);
        const auto y = [&] {
            Numbers out(N * C);
            for (Index n = 0; n < N; ++n) {
                const Real* row = x.data() + n * C;
                Real mean = 0, squares = 0;
                for (Index c = 0; c < C && !rms; ++c) mean += row[c] / C;
                for (Index c = 0; c < C; ++c) squares += (row[c] - mean) * (row[c] - mean) / C;
                const Real scale = 1 / std::sqrt(squares + Real(1e-5F));
                for (Index c = 0; c < C; ++c) {
                    out[std::size_t(n * C + c)] = (row[c] - mean) * scale * gain[std::size_t(c)] +
                                                  (rms ? 0 : bias[std::size_t(c)]);
                }
            }
            return out;
        };
        const NormWeights weights{tensor(gain), tensor(bias), 1e-5F, rms ? Norm::rms : Norm::layer};
        Numbers dx(N * C), d_gain(C), d_bias(C);
        const Ref2 up(dy.data(), {N, C}), in(x.data(), {N, C});
        if (rms) {
            rms_norm_backward(up, in, weights, dx.data(), d_gain.data());
        } else {
            layer_norm_backward(up, in, weights, dx.data(), d_gain.data(), d_bias.data());
            check_gradient(bias, d_bias, dy, y);
        }
        check_gradient(x, dx, dy, y);
        check_gradient(gain, d_gain, dy, y);
    }
}

TEST_CASE("central differences: activations and the gated product") {
    for (const Activate kind : {Activate::gelu_tanh, Activate::gelu_exact, Activate::silu,
                                Activate::quick_gelu, Activate::relu}) {
        Numbers gate = random_numbers(12, 8), up = random_numbers(12, 9);
        const Numbers dy = random_numbers(12, 10);
        Numbers dx(12);
        activation_backward(dy, gate, kind, dx.data());
        check_gradient(gate, dx, dy, [&] {
            Numbers out;
            for (const Real x : gate) out.push_back(activated(x, kind));
            return out;
        });
        Numbers d_gate(12), d_up(12);
        gated_backward(dy, gate, up, kind, d_gate.data(), d_up.data());
        const auto gated = [&] {
            Numbers out;
            for (std::size_t i = 0; i < 12; ++i) out.push_back(activated(gate[i], kind) * up[i]);
            return out;
        };
        check_gradient(gate, d_gate, dy, gated);
        check_gradient(up, d_up, dy, gated);
    }
}

TEST_CASE("central differences: attention with grouped heads, some shares dropped") {
    for (const Dropout dropout : {Dropout{}, Dropout{0.4, 3}}) {
        constexpr Index H = 4, K = 2, T = 3, D = 2;
        constexpr Real scale = 0.7;
        Numbers q = random_numbers(H * T * D, 11), k = random_numbers(K * T * D, 12);
        Numbers v = random_numbers(K * T * D, 13), pattern(H * T * T);
        const Numbers dz = random_numbers(H * T * D, 14);
        const auto z = [&] {
            Numbers out(H * T * D);
            for (Index h = 0; h < H; ++h) {
                const Index kv = h / (H / K);
                for (Index t = 0; t < T; ++t) {
                    Real* shares = pattern.data() + (h * T + t) * T;
                    Real sum = 0;
                    for (Index s = 0; s < T; ++s) {
                        Real score = 0;
                        for (Index d = 0; d < D; ++d)
                            score += q[std::size_t((h * T + t) * D + d)] *
                                     k[std::size_t((kv * T + s) * D + d)];
                        shares[s] = s > t ? 0 : std::exp(scale * score);
                        sum += shares[s];
                    }
                    for (Index s = 0; s < T; ++s) shares[s] /= sum;
                }
                Numbers used(pattern.begin() + h * T * T, pattern.begin() + (h + 1) * T * T);
                drop(used, at_place(dropout, std::uint64_t(h)));
                for (Index t = 0; t < T; ++t) {
                    for (Index s = 0; s < T; ++s) {
                        for (Index d = 0; d < D; ++d)
                            out[std::size_t((h * T + t) * D + d)] +=
                                used[std::size_t(t * T + s)] * v[std::size_t((kv * T + s) * D + d)];
                    }
                }
            }
            return out;
        };
        z();
        Numbers dq(q.size()), dk(k.size()), dv(v.size());
        attention_backward(Ref3(dz.data(), {H, T, D}), Ref3(q.data(), {H, T, D}),
                           Ref3(k.data(), {K, T, D}), Ref3(v.data(), {K, T, D}),
                           Ref3(pattern.data(), {H, T, T}), scale, {dq.data(), T * D, D},
                           {dk.data(), T * D, D}, {dv.data(), T * D, D}, dropout);
        check_gradient(q, dq, dz, z);
        check_gradient(k, dk, dz, z);
        check_gradient(v, dv, dz, z);
    }
}

TEST_CASE("central differences: a bias by distance on the scores, through its buckets") {
    constexpr Index H = 2, T = 4, D = 3, buckets = 4;
    for (const bool bidirectional : {false, true}) {
        Numbers table = random_numbers(buckets * H, 20);
        const Numbers q = random_numbers(H * T * D, 21), k = random_numbers(H * T * D, 22);
        const Numbers v = random_numbers(H * T * D, 23), dz = random_numbers(H * T * D, 24);
        Numbers pattern(H * T * T);
        constexpr Real scale = 0.7;
        const auto z = [&] {
            const Tensor3 bias =
                bucket_bias(Ref2(table.data(), {buckets, H}), bidirectional, 4, T, T);
            Numbers out(H * T * D);
            for (Index h = 0; h < H; ++h) {
                for (Index t = 0; t < T; ++t) {
                    Real* shares = pattern.data() + (h * T + t) * T;
                    Real sum = 0;
                    for (Index s = 0; s < T; ++s) {
                        Real score = 0;
                        for (Index d = 0; d < D; ++d)
                            score += q[std::size_t((h * T + t) * D + d)] *
                                     k[std::size_t((h * T + s) * D + d)];
                        shares[s] = std::exp(scale * score + bias(h, t, s));
                        sum += shares[s];
                    }
                    for (Index s = 0; s < T; ++s) {
                        shares[s] /= sum;
                        for (Index d = 0; d < D; ++d)
                            out[std::size_t((h * T + t) * D + d)] +=
                                shares[s] * v[std::size_t((h * T + s) * D + d)];
                    }
                }
            }
            return out;
        };
        z();
        Numbers dq(q.size()), dk(k.size()), dv(v.size()), d_bias(pattern.size()), d_table(8);
        const Shape<3> shape{H, T, D};
        const HeadRows to_q{dq.data(), T * D, D}, to_k{dk.data(), T * D, D};
        attention_backward(Ref3(dz.data(), shape), Ref3(q.data(), shape), Ref3(k.data(), shape),
                           Ref3(v.data(), shape), Ref3(pattern.data(), {H, T, T}), scale, to_q,
                           to_k, {dv.data(), T * D, D}, {}, d_bias.data());
        bucket_bias_backward(Ref3(d_bias.data(), {H, T, T}), buckets, bidirectional, 4,
                             d_table.data());
        check_gradient(table, d_table, dz, z);
    }
}

TEST_CASE("central differences: tanh") {
    Numbers x = random_numbers(12, 25);
    const Numbers dy = random_numbers(12, 26);
    const auto y = [&] {
        Numbers out;
        for (const Real value : x) out.push_back(std::tanh(value));
        return out;
    };
    Numbers dx(12);
    tanh_backward(dy, y(), dx.data());
    check_gradient(x, dx, dy, y);
}

TEST_CASE("central differences: rotation") {
    constexpr Index H = 2, T = 3, D = 6;
    for (const bool interleaved : {false, true}) {
        Numbers x = random_numbers(H * T * D, 15);
        const Numbers dy = random_numbers(H * T * D, 16);
        const Rotary rotary{Tensor1{1.0, 0.3}, interleaved};
        const auto y = [&] {
            Numbers out = x;
            for (Index h = 0; h < H; ++h) {
                for (Index t = 0; t < T; ++t) {
                    for (Index i = 0; i < 2; ++i) {
                        const Real angle = rotary.frequencies(i) * Real(t + 5);
                        const Index row = (h * T + t) * D;
                        const auto a = std::size_t(row + (interleaved ? 2 * i : i));
                        const auto b = std::size_t(row + (interleaved ? 2 * i + 1 : i + 2));
                        out[a] = std::cos(angle) * x[a] - std::sin(angle) * x[b];
                        out[b] = std::sin(angle) * x[a] + std::cos(angle) * x[b];
                    }
                }
            }
            return out;
        };
        Numbers dx(x.size());
        rotate_backward(Ref3(dy.data(), {H, T, D}), rotary, 5, {dx.data(), T * D, D});
        check_gradient(x, dx, dy, y);
    }
}

TEST_CASE("central differences: embedding and cross-entropy") {
    Numbers table = random_numbers(6 * C, 17);
    const std::vector<int> ids{3, 0, 3, 5};
    const Numbers dy = random_numbers(N * C, 18);
    Numbers d_table(6 * C);
    embed_backward(Ref2(dy.data(), {N, C}), ids, d_table.data());
    check_gradient(table, d_table, dy, [&] {
        Numbers out;
        for (const int id : ids)
            out.insert(out.end(), table.begin() + id * C, table.begin() + (id + 1) * C);
        return out;
    });

    Numbers logits = random_numbers(N * C, 19);
    const std::vector<int> targets{1, -1, 4, 0};
    Numbers d_logits = logits;
    cross_entropy_backward(d_logits.data(), N, C, targets, 3.0);
    check_gradient(logits, d_logits, {3.0}, [&] {
        Numbers copy = logits;
        return Numbers{cross_entropy_backward(copy.data(), N, C, targets).mean()};
    });
}

#include "viz/views/state_space_numbers.h"

#include <doctest/doctest.h>

#include <cmath>

#include "golden.h"
#include "model_of_words.h"
#include "models/mamba.h"
#include "tensor/error.h"
#include "tensor/random.h"
#include "viz/app/engine.h"
#include "viz/app/run_kinds.h"
#include "viz/view_stage.h"

using namespace vitrine;
using namespace vitrine::viz;
using vitrine::test::fixture;
using vitrine::test::golden;
using vitrine::test::kept;

namespace {

/// A tiny random Mamba of 3 blocks, E = 64, N = 8, on a text of 8 tokens, its start token included.
std::shared_ptr<const Run> mamba_run() {
    const vitrine::test::ModelOfWords words("mamba");
    Engine engine(load_with_tokenizer(words.path()));
    engine.request("w5 w17 w23 w44 w9 w60 w31");
    engine.wait();
    REQUIRE(engine.error() == "");
    REQUIRE(engine.run()->positions() == 8);
    return engine.run();
}

/// The largest difference between a scan's output and what its channels' weights give.
double largest_gap(const ScanInputs& scan, const Tensor2& y) {
    double largest = 0.0;
    for (Index e = 0; e < scan.u.shape[1]; ++e) {
        const RememberedChannel channel = remembered(scan, e);
        for (Index t = 0; t < scan.u.shape[0]; ++t) {
            double sum = double(scan.D(e)) * double(scan.u(t, e));
            for (Index s = 0; s < scan.u.shape[0]; ++s)
                sum += double(channel.weights(t, s)) * double(scan.u(s, e));
            const double gap = std::abs(sum - double(y(t, e)));
            if (!(gap <= largest)) largest = gap;  // also if it is no number
        }
    }
    return largest;
}

}  // namespace

// Bound: y is summed in float32 over N numbers and T tokens; values are up to about 5.
TEST_CASE("memory: a scan is the attention it amounts to: golden of an independent scan") {
    const TensorFile file = TensorFile::open(fixture("parts/selective_scan.safetensors"));
    const Tensor2 u = golden<2>(file, "u"), delta = golden<2>(file, "delta"),
                  A = golden<2>(file, "A"), B = golden<2>(file, "B"), C = golden<2>(file, "C");
    const Tensor1 D = golden<1>(file, "D");
    CHECK(largest_gap({u, delta, A, B, C, D}, golden<2>(file, "output")) < 1e-4);
}

TEST_CASE("memory: the weights of every channel give what each block of a run gave out") {
    const auto run = mamba_run();
    for (Index layer = 0; layer < 3; ++layer) {
        const auto scan = scan_of(*run, layer);
        REQUIRE(scan.has_value());
        const std::string name = "blocks." + std::to_string(layer) + ".ssm.y";
        CHECK(largest_gap(*scan, kept<2>(run->activations, name)) < 1e-4);
    }
}

TEST_CASE("memory: what is left of a token is what it wrote times all decays since") {
    const auto run = mamba_run();
    const ScanInputs scan = *scan_of(*run, 1);
    const Index T = 8, N = 8, e = 11;
    const RememberedChannel channel = remembered(scan, e);
    for (Index s = 0; s < T; ++s) {
        double steps = 0.0;  // the decays multiply: their exponents add up
        for (Index t = 0; t < T; ++t) {
            if (t < s) {
                CHECK(channel.kept(t, s) == 0);
                continue;
            }
            if (t > s) steps += double(scan.delta(t, e));
            double left = 0.0, written = 0.0;
            for (Index n = 0; n < N; ++n) {
                const double b = double(scan.B(s, n));
                left += std::pow(b * std::exp(steps * double(scan.A(e, n))), 2);
                written += b * b;
            }
            CHECK(double(channel.kept(t, s)) ==
                  doctest::Approx(std::sqrt(left / written)).epsilon(1e-5));
        }
        CHECK(channel.kept(s, s) == doctest::Approx(1));
    }
}

TEST_CASE("memory: all channels together are the lengths of what the channels have") {
    const auto run = mamba_run();
    const ScanInputs scan = *scan_of(*run, 2);
    const Index T = 8, E = 64;
    const Remembered all = remembered(scan, std::stop_token());
    Tensor2 out = zeros<2>({T, T}), left = zeros<2>({T, T});
    for (Index e = 0; e < E; ++e) {
        const RememberedChannel channel = remembered(scan, e);
        for (Index t = 0; t < T; ++t) {
            for (Index s = 0; s <= t; ++s) {
                const Real u = scan.u(s, e);
                double b = 0.0;  // what s wrote: delta B u
                for (Index n = 0; n < 8; ++n) b += std::pow(double(scan.B(s, n)), 2);
                const double written = double(scan.delta(s, e)) * std::sqrt(b) * double(u);
                out(t, s) += Real(std::pow(channel.weights(t, s) * u, 2));
                left(t, s) += Real(std::pow(double(channel.kept(t, s)) * written, 2));
            }
        }
    }
    for (Index t = 0; t < T; ++t) {
        double sum = 0.0, shares = 0.0;
        for (Index s = 0; s <= t; ++s) sum += std::sqrt(double(out(t, s)));
        for (Index s = 0; s < T; ++s) {
            shares += double(all.share(t, s));
            CHECK(double(all.share(t, s)) ==
                  doctest::Approx(std::sqrt(double(out(t, s))) / sum).epsilon(1e-4));
            const double part = s > t ? 0.0 : std::sqrt(double(left(t, s)) / double(left(s, s)));
            CHECK(double(all.kept(t, s)) == doctest::Approx(part).epsilon(1e-4));
        }
        CHECK(shares == doctest::Approx(1));
    }
    std::stop_source stop;
    stop.request_stop();
    CHECK_THROWS_AS(remembered(scan, stop.get_token()), Stopped);
}

TEST_CASE("memory: half of a token is gone where less than half is left") {
    const Tensor2 kept{{1, 0, 0}, {0.5F, 1, 0}, {0.4F, 0.9F, 1}};
    CHECK(half_gone(kept, 0) == 2);
    CHECK(half_gone(kept, 1) == -1);
    CHECK(half_gone(kept, 2) == -1);
}

TEST_CASE("memory: a state moves by the length of the difference") {
    const auto run = mamba_run();
    const StateMoves moves = moves_of(*run, {});
    REQUIRE(moves.share != nullptr);
    REQUIRE(shape_of(*moves.share) == Shape<2>{8, 3});
    const Tensor3 h = kept<3>(run->activations, "blocks.1.ssm.state");
    double moved = 0.0, before = 0.0, now = 0.0;
    for (Index e = 0; e < 64; ++e) {
        for (Index n = 0; n < 8; ++n) {
            before += std::pow(double(h(3, e, n)), 2);
            now += std::pow(double(h(4, e, n)), 2);
            moved += std::pow(double(h(4, e, n)) - double(h(3, e, n)), 2);
        }
    }
    CHECK(double(moves.moved(4, 1)) == doctest::Approx(std::sqrt(moved)).epsilon(1e-5));
    CHECK(double(moves.length(4, 1)) == doctest::Approx(std::sqrt(now)).epsilon(1e-5));
    CHECK(double((*moves.share)(4, 1)) ==
          doctest::Approx(std::sqrt(moved / std::max(before, now))).epsilon(1e-5));
    for (Index l = 0; l < 3; ++l)
        CHECK((*moves.share)(0, l) == doctest::Approx(1));  // from nothing
}

TEST_CASE("memory: channels by strength, and the numbers of one") {
    const auto run = mamba_run();
    const LayerState state = layer_state(*scan_of(*run, 1), 1);
    REQUIRE(shape_of(*state.lengths) == Shape<2>{8, 64});
    const Tensor3 h = kept<3>(run->activations, "blocks.1.ssm.state");
    const auto numbers = channel_numbers(*scan_of(*run, 1), state.order[5]);
    REQUIRE(shape_of(*numbers) == Shape<2>{8, 8});
    double squared = 0.0;
    for (Index n = 0; n < 8; ++n) {
        CHECK((*numbers)(6, n) == h(6, state.order[5], n));
        squared += std::pow(double((*numbers)(6, n)), 2);
    }
    CHECK(double((*state.lengths)(6, 5)) == doctest::Approx(std::sqrt(squared)).epsilon(1e-5));
    const auto longest = [&](Index i) {
        Real most = 0;
        for (Index t = 0; t < 8; ++t) most = std::max(most, (*state.lengths)(t, i));
        return most;
    };
    for (Index i = 1; i < 64; ++i) CHECK(longest(i - 1) >= longest(i));
    const Tensor2 delta = kept<2>(run->activations, "blocks.1.ssm.delta");
    double sum = 0.0;
    for (Index e = 0; e < 64; ++e) sum += double(delta(3, e));
    CHECK(double(state.steps[3]) == doctest::Approx(sum / 64).epsilon(1e-5));
}

TEST_CASE("memory: the states of a long text are left out of its run and scanned again") {
    const Index E = 1024, N = 128, T = 130;
    Random random(3);
    const auto linear = [&](Index in, Index out) {
        return Linear(Matrix(random_normal<2>(random, {in, out}, 0.3)));
    };
    ModelInfo info;
    info.layers = 4;
    info.width = 4;
    info.ff_width = E;
    info.vocabulary = 7;
    info.max_positions = T;
    MambaWeights weights;
    weights.tokens = linear(7, 4).matrix();
    weights.unembed = linear(7, 4).matrix();
    weights.norm = {xt::ones<Real>({4}), {}, 1e-5F, Norm::rms};
    for (Index l = 0; l < info.layers; ++l) {
        MambaBlock block;
        block.norm = weights.norm;
        block.in = linear(4, E);
        block.gate = linear(4, E);
        block.convolution = linear(E, 4).weight();
        block.convolution_bias = xt::zeros<Real>({E});
        block.delta_low = linear(E, 1);
        block.delta = linear(1, E);
        block.B = linear(E, N);
        block.C = linear(E, N);
        block.A = -xt::ones<Real>({E, N});
        block.D = xt::ones<Real>({E});
        block.out = linear(E, 4);
        weights.blocks.push_back(std::move(block));
    }
    Run run;
    auto model = std::make_shared<viz::LoadedModel>();
    model->model = std::make_unique<Mamba>(info, std::move(weights));
    run.model = model;
    for (Index t = 0; t < T; ++t) run.encoding.ids.push_back(static_cast<int>(t % 7));
    REQUIRE(info.layers * T * E * N > most_kept_numbers);
    run_here(run, fast_parts(), {});
    CHECK(run.at(3, "ssm.state") == nullptr);
    CHECK(run.at(3, "ssm.y") != nullptr);

    Record record = Record::of({"blocks.3.ssm.state"});
    const Sequence sequence{run.encoding.ids, nullptr, &record};
    model->language()->forward({&sequence, 1});
    const Tensor3 h = kept<3>(record.cache(), "blocks.3.ssm.state");
    const ScanInputs scan = *scan_of(run, 3);
    const auto numbers = channel_numbers(scan, 700);
    const LayerState state = layer_state(scan, 3);
    const Index strongest = state.order.front();
    double squared = 0.0, whole = 0.0;
    for (Index n = 0; n < N; ++n) {
        CHECK((*numbers)(129, n) == h(129, 700, n));
        squared += std::pow(double(h(129, strongest, n)), 2);
        for (Index e = 0; e < E; ++e) whole += std::pow(double(h(129, e, n)), 2);
    }
    CHECK(double((*state.lengths)(129, 0)) == doctest::Approx(std::sqrt(squared)).epsilon(1e-5));
    CHECK(double(moves_of(run, {}).length(129, 3)) ==
          doctest::Approx(std::sqrt(whole)).epsilon(1e-5));
}

TEST_CASE("memory: a model with attention has no scan") {
    CHECK_FALSE(scan_of(*run_text(bundled_model(), "The king"), 0).has_value());
}

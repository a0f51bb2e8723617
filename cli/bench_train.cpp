// vitrine bench train: how much of the machine's matrix product a training step reaches.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/machine.h"
#include "cli/terminal.h"
#include "kernels/matmul.h"
#include "train/adamw.h"
#include "train/gpt2_trainer.h"

namespace vitrine::cli {

namespace {

using nlohmann::json;
using namespace vitrine::train;

struct TrainingCase {
    const char* name;
    GPT2Sizes sizes;
    Index B, T;
};

std::vector<TrainingCase> cases() {
    return {{"GPT-2 124M, B=4 T=64", {50257, 1024, 768, 12, 12, 3072}, 4, 64},
            {"small GPT, B=16 T=256", {6144, 256, 256, 6, 8, 1024}, 16, 256}};
}

/// Steps of one case and the machine's product take turns, so that both see the same machine.
json measure(const TrainingCase& each) {
    constexpr int rounds = 5;
    GPT2Trainer trainer(each.sizes);
    trainer.randomize(1);
    Parameters& parameters = trainer.parameters();
    std::vector<int> ids(static_cast<std::size_t>(each.B * each.T));
    for (std::size_t i = 0; i < ids.size(); ++i)
        ids[i] = static_cast<int>((i * 7919) % static_cast<std::size_t>(each.sizes.vocabulary));
    const auto count = static_cast<double>(ids.size());
    const Batch batch = next_token_batch(std::move(ids), each.T);
    AdamWState state;
    const auto step = [&] {
        parameters.zero_grads();
        trainer.gradients(batch);
        clip_by_norm(parameters.grads(), 1.0);
        adamw_step(parameters.values(), parameters.grads(), state, 1e-4, {}, parameters.decays());
    };
    step();  // memory and threads
    std::vector<double> fractions, seconds, peaks;
    const double flops = 6.0 * static_cast<double>(parameters.values().size()) * count;
    for (int round = 0; round < rounds; ++round) {
        peaks.push_back(measure_sgemm().gflops);
        seconds.push_back(seconds_of(step));
        fractions.push_back(flops / seconds.back() / 1e9 / peaks.back());
    }
    return {{"name", each.name},
            {"fraction_of_sgemm", median(fractions)},
            {"seconds_a_step", median(seconds)},
            {"tokens_per_second", count / median(seconds)},
            {"parameters", parameters.values().size()},
            {"sgemm_gflops", median(peaks)}};
}

}  // namespace

void add_bench_train(Command bench) {
    const Command command = bench.add_subcommand("train", "Measure training steps");
    auto as_json = std::make_shared<bool>(false);
    command.add_flag("--json", *as_json, "print JSON");
    command.example("vitrine bench train --json");
    command.callback([=] {
        json result = json::array();
        for (const TrainingCase& each : cases()) {
            result.push_back(measure(each));
            if (*as_json) continue;
            const json& last = result.back();
            std::printf(
                "%-24s %8.0f tokens/s   %.2f of %s GFLOPS\n",
                last["name"].get<std::string>().c_str(), last["tokens_per_second"].get<double>(),
                last["fraction_of_sgemm"].get<double>(),
                std::to_string(static_cast<int>(last["sgemm_gflops"].get<double>())).c_str());
            std::fflush(stdout);
        }
        if (*as_json) print_json({{"cases", result}, {"threads", thread_count()}});
    });
}

}  // namespace vitrine::cli

// vitrine bench: how fast, beside what the machine could do at best, measured in the same run.
#include <algorithm>
#include <cstdio>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "chapters/runner/manifest.h"
#include "cli/commands.h"
#include "cli/machine.h"
#include "cli/terminal.h"
#include "generate/generate.h"
#include "io/assets.h"
#include "io/json.h"
#include "kernels/matmul.h"
#include "models/gpt2.h"

namespace vitrine::cli {

namespace {

using nlohmann::json;

constexpr Index T = 64;    // positions of the measured forward pass
constexpr int rounds = 5;  // measurements of each kind, taken in turn; the median counts
constexpr int tokens_a_round = 16;

/// Room for the products: their numbers don't matter, their sizes do.
struct ProductBuffers {
    std::vector<float> x, y;  // [T, F], [T, V]
    explicit ProductBuffers(const ModelInfo& n)
        : x(static_cast<std::size_t>(T * n.ff_width), 0.5F),
          y(static_cast<std::size_t>(T * n.vocabulary)) {}
};

/// The matrix products of one forward pass of T positions, by a library, on the model's own
/// weights.
void products_alone(const Decoder& model, const LibraryGemm& library, ProductBuffers& buffers) {
    const ModelInfo& n = model.info();
    const Index C = n.width, F = n.ff_width, H = n.heads, D = n.head_width;
    std::vector<float>& x = buffers.x;
    std::vector<float>& y = buffers.y;
    const auto product = [&](const Matrix& w, Index columns) {
        library.multiply(w.transposed, T, columns, w.rows, x.data(), w.rows,
                         static_cast<const float*>(w.data), w.leading, y.data(), columns);
    };
    for (const BlockWeights& block : model.weights().blocks) {
        product(block.attn.q.matrix(), 3 * C);  // queries, keys and values in one
        for (Index h = 0; h < H; ++h) {
            library.multiply(true, T, T, D, x.data(), D, x.data(), D, y.data(), T);
            library.multiply(false, T, D, T, x.data(), T, x.data(), D, y.data(), D);
        }
        product(block.attn.out.matrix(), C);
        product(block.mlp.in.matrix(), F);
        product(block.mlp.out.matrix(), C);
    }
    product(model.weights().wte.transpose(), n.vocabulary);
}

/// Seconds of the products alone, by the library that is fastest at them.
double fastest_products(const Decoder& model, ProductBuffers& buffers) {
    double best = std::numeric_limits<double>::infinity();
    for (const LibraryGemm& library : library_gemms()) {
        best = std::min(best, seconds_of([&] { products_alone(model, library, buffers); }));
    }
    return best;
}

/// The lessons of all chapters in one language: prose, tables, formulas and code.
std::string lessons(const char* file) {
    std::string text;
    for (const runner::Chapter& chapter : runner::load_chapters())
        text += read_file(chapter.folder / file, std::size_t{1} << 22U);
    return text;
}

/// Megabytes a second of encoding a text on one core. A tokenizer remembers the words it has seen,
/// so each measurement takes a fresh one: this is a text that it reads for the first time.
double tokenizer_speed(const std::string& text) {
    std::vector<double> speeds;
    for (int round = 0; round < rounds; ++round) {
        const Tokenizer tokenizer = Tokenizer::load(bundled_model_folder());
        std::size_t tokens = 0;
        const double seconds = seconds_of([&] { tokens = tokenizer.encode(text).ids.size(); });
        if (tokens > 0) speeds.push_back(static_cast<double>(text.size()) / seconds / 1e6);
    }
    return speeds.empty() ? 0.0 : median(speeds);
}

json tokenizer_speeds() {
    const std::string english = lessons("lesson.en.md"), korean = lessons("lesson.ko.md");
    return {{"english_megabytes_per_second", tokenizer_speed(english)},
            {"english_bytes", english.size()},
            {"korean_megabytes_per_second", tokenizer_speed(korean)},
            {"korean_bytes", korean.size()}};
}

json measure() {
    ModelInfo sizes;
    sizes.layers = 12;
    sizes.heads = 12;
    sizes.width = 768;
    sizes.vocabulary = 50257;
    sizes.max_positions = 1024;
    const auto model = random_gpt2(sizes, 1);
    const SgemmPeak peak = measure_sgemm();
    const ReadBandwidth reading;

    std::vector<int> prompt(T);
    for (Index t = 0; t < T; ++t)
        prompt[static_cast<std::size_t>(t)] = static_cast<int>(37 * t + 11);
    Sampling greedy;
    greedy.temperature = 0;
    Generation generation(*model, {prompt.begin(), prompt.begin() + 8}, greedy);
    generation.next();
    const Sequence sequence{prompt};
    ProductBuffers buffers(model->info());

    std::vector<double> bandwidth, decode, forward, products, decode_fraction, forward_ratio;
    for (int round = 0; round < rounds; ++round) {
        bandwidth.push_back(reading.measure());
        decode.push_back(tokens_a_round / seconds_of([&] {
                             for (int i = 0; i < tokens_a_round; ++i) generation.next();
                         }));
        products.push_back(fastest_products(*model, buffers));
        forward.push_back(seconds_of([&] {
            model->forward({&sequence, 1}, Logits::all, fast_parts(), {});
        }));
        const auto bytes = static_cast<double>(model->info().weight_bytes);
        decode_fraction.push_back(decode.back() * bytes / bandwidth.back());
        forward_ratio.push_back(forward.back() / products.back());
    }
    return {{"decode_fraction_of_bandwidth", median(decode_fraction)},
            {"forward_over_matmul", median(forward_ratio)},
            {"decode_tokens_per_second", median(decode)},
            {"forward_seconds", median(forward)},
            {"matmul_seconds", median(products)},
            {"tokenizer", tokenizer_speeds()},
            {"machine",
             {{"read_gigabytes_per_second", median(bandwidth) / 1e9},
              {"read_buffer_bytes", read_buffer_bytes},
              {"sgemm_gflops", peak.gflops},
              {"sgemm_library", peak.library.name},
              {"threads", thread_count()}}},
            {"model", {{"parameters", model->info().parameters}, {"positions", T}}}};
}

void print(const json& result) {
    const auto number = [&](const char* key) { return result[key].get<double>(); };
    const json& machine = result["machine"];
    std::printf("GPT-2, 124M parameters, random float32 weights, %d threads\n\n",
                machine["threads"].get<int>());
    std::printf("%-34s %10s %14s %8s\n", "", "measured", "limit", "ratio");
    std::printf("%-34s %10.1f %14.1f %8.2f\n", "decode, tokens/s (read bandwidth)",
                number("decode_tokens_per_second"),
                number("decode_tokens_per_second") / number("decode_fraction_of_bandwidth"),
                number("decode_fraction_of_bandwidth"));
    std::printf("%-34s %10.1f %14.1f %8.2f\n", "forward T=64, ms (products alone)",
                1e3 * number("forward_seconds"), 1e3 * number("matmul_seconds"),
                number("forward_over_matmul"));
    const json& tokenizer = result["tokenizer"];
    std::printf("%-34s %10.1f\n", "tokenizer, English, MB/s, one core",
                tokenizer["english_megabytes_per_second"].get<double>());
    std::printf("%-34s %10.1f\n", "tokenizer, Korean, MB/s, one core",
                tokenizer["korean_megabytes_per_second"].get<double>());
    std::printf("\nmachine: reads %.1f GB/s, sgemm %.0f GFLOPS (%s)\n",
                machine["read_gigabytes_per_second"].get<double>(),
                machine["sgemm_gflops"].get<double>(),
                machine["sgemm_library"].get<std::string>().c_str());
}

}  // namespace

void add_bench(Command app) {
    const Command command =
        app.add_subcommand("bench", "Measure speeds beside the machine's own limits");
    auto as_json = std::make_shared<bool>(false);
    command.add_flag("--json", *as_json, "print JSON");
    command.example("vitrine bench --json");
    add_bench_train(command);
    command.callback([=] {
        const json result = measure();
        if (*as_json) {
            print_json(result);
        } else {
            print(result);
        }
    });
}

}  // namespace vitrine::cli

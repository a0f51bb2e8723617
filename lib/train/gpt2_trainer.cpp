#include "train/gpt2_trainer.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "tensor/error.h"
#include "tensor/random.h"
#include "train/gpt2_memory.h"

namespace vitrine::train {

GPT2Trainer::GPT2Trainer(const GPT2Sizes& sizes) : sizes_(sizes) {
    const Index C = sizes.width, F = sizes.ff_width;
    if (sizes.heads < 1 || C % sizes.heads != 0) {
        throw ArgumentError("heads", "a number that divides the width " + std::to_string(C),
                            std::to_string(sizes.heads));
    }
    const std::string root = "transformer.";
    wte_ = parameters_.add(root + "wte.weight", {sizes.vocabulary, C});
    wpe_ = parameters_.add(root + "wpe.weight", {sizes.positions, C});
    for (Index l = 0; l < sizes.layers; ++l) {
        const std::string h = root + "h." + std::to_string(l) + ".";
        Block b{};
        b.ln_1_gain = parameters_.add(h + "ln_1.weight", {C});
        b.ln_1_bias = parameters_.add(h + "ln_1.bias", {C});
        b.qkv = parameters_.add(h + "attn.c_attn.weight", {C, 3 * C});
        b.qkv_bias = parameters_.add(h + "attn.c_attn.bias", {3 * C});
        b.out = parameters_.add(h + "attn.c_proj.weight", {C, C});
        b.out_bias = parameters_.add(h + "attn.c_proj.bias", {C});
        b.ln_2_gain = parameters_.add(h + "ln_2.weight", {C});
        b.ln_2_bias = parameters_.add(h + "ln_2.bias", {C});
        b.in = parameters_.add(h + "mlp.c_fc.weight", {C, F});
        b.in_bias = parameters_.add(h + "mlp.c_fc.bias", {F});
        b.down = parameters_.add(h + "mlp.c_proj.weight", {F, C});
        b.down_bias = parameters_.add(h + "mlp.c_proj.bias", {C});
        blocks_.push_back(b);
    }
    ln_f_gain_ = parameters_.add(root + "ln_f.weight", {C});
    ln_f_bias_ = parameters_.add(root + "ln_f.bias", {C});
}

GPT2Trainer::~GPT2Trainer() = default;

void GPT2Trainer::randomize(std::uint64_t seed) {
    Random random(seed);
    const double back = 1 / std::sqrt(2.0 * static_cast<double>(sizes_.layers));
    for (std::size_t i = 0; i < parameters_.list().size(); ++i) {
        const Parameter& parameter = parameters_.list()[i];
        Real* values = parameters_.value(i);
        const bool is_gain =
            parameter.name.find("ln_") != std::string::npos && parameter.name.ends_with("weight");
        if (parameter.shape.size() < 2) {
            std::fill_n(values, parameter.size, is_gain ? Real{1} : Real{0});
            continue;
        }
        const double deviation =
            sizes_.initializer_range * (parameter.name.ends_with("c_proj.weight") ? back : 1.0);
        for (Index n = 0; n < parameter.size; ++n)
            values[n] = static_cast<Real>(deviation * random.normal());
    }
}

void GPT2Trainer::add_sinusoids(double base, double amplitude) {
    const Index C = sizes_.width;
    Real* table = parameters_.value(wpe_);
    for (Index t = 0; t < sizes_.positions; ++t) {
        for (Index c = 0; c < C; ++c) {
            const Index even = c / 2 * 2;
            const double exponent = static_cast<double>(even) / static_cast<double>(C);
            const double angle = static_cast<double>(t) / std::pow(base, exponent);
            const double wave = c % 2 == 0 ? std::sin(angle) : std::cos(angle);
            table[t * C + c] += static_cast<Real>(amplitude * wave);
        }
    }
}

NormWeights GPT2Trainer::norm(std::size_t gain, std::size_t bias) {
    return layer_norm_of(parameters_, gain, bias, static_cast<float>(sizes_.epsilon));
}

std::size_t GPT2Trainer::activation_bytes(Index B, Index T) const {
    const Index N = B * T, C = sizes_.width, F = sizes_.ff_width;
    const Index block = N * (8 * C + 2 * F) + B * sizes_.heads * T * T;
    const Index rest = N * (2 * C + sizes_.vocabulary) + N * (2 * C + 3 * C + F + C);
    return static_cast<std::size_t>(sizes_.layers * block + rest) * sizeof(Real);
}

void GPT2Trainer::prepare(const Batch& batch) {
    if (!memory_) memory_ = std::make_unique<Memory>();
    Memory& m = *memory_;
    const Index N = static_cast<Index>(batch.ids.size()), T = batch.T;
    m.ids = batch.ids;
    m.places.resize(batch.ids.size());
    for (Index n = 0; n < N; ++n) {
        const Index start =
            batch.starts.empty() ? 0 : batch.starts[static_cast<std::size_t>(n / T)];
        m.places[static_cast<std::size_t>(n)] = static_cast<int>(start + n % T);
    }
    if (m.N == N && m.T == T) return;
    const Index C = sizes_.width, F = sizes_.ff_width, V = sizes_.vocabulary;
    m.T = T;
    m.N = N;
    m.B = N / T;
    const auto make = [N](Index width) { return uninitialized<2>({N, width}); };
    m.blocks.resize(static_cast<std::size_t>(sizes_.layers));
    for (BlockMemory& b : m.blocks) {
        b.x = make(C), b.ln_1 = make(C), b.qkv = make(3 * C), b.z = make(C);
        b.mid = make(C), b.ln_2 = make(C), b.pre = make(F), b.post = make(F);
        b.pattern.resize(static_cast<std::size_t>(m.B * sizes_.heads * T * T));
    }
    m.last = make(C), m.normed = make(C), m.logits = make(V);
    m.dx = make(C), m.dy = make(C), m.d_qkv = make(3 * C), m.d_wide = make(F), m.d_narrow = make(C);
}

void GPT2Trainer::check(const Batch& batch) const {
    check_rows(batch.ids, batch.T, sizes_.positions, sizes_.vocabulary);
    check_targets(batch);
    if (!batch.starts.empty() && static_cast<Index>(batch.starts.size()) != batch.rows()) {
        throw ArgumentError("starts", "one for each of " + std::to_string(batch.rows()) + " rows",
                            std::to_string(batch.starts.size()));
    }
    for (const Index start : batch.starts) {
        if (start < 0 || start > sizes_.positions - batch.T) {
            throw ArgumentError("start", "0 to " + std::to_string(sizes_.positions - batch.T),
                                std::to_string(start));
        }
    }
}

std::vector<Trainer::Named> GPT2Trainer::activations() const {
    std::vector<Named> list;
    if (!memory_) return list;
    const auto add = [&](const std::string& name, const Tensor2& x) {
        list.push_back({name, {x.data(), x.size()}});
    };
    for (std::size_t l = 0; l < memory_->blocks.size(); ++l) {
        const BlockMemory& b = memory_->blocks[l];
        const std::string block = "blocks." + std::to_string(l) + ".";
        add(block + "resid_pre", b.x);
        add(block + "ln1", b.ln_1);
        add(block + "attn.qkv", b.qkv);
        list.push_back({block + "attn.pattern", b.pattern});
        add(block + "attn.z", b.z);
        add(block + "resid_mid", b.mid);
        add(block + "ln2", b.ln_2);
        add(block + "mlp_pre", b.pre);
        add(block + "mlp_post", b.post);
    }
    add("resid_post", memory_->last);
    add("ln_final", memory_->normed);
    add("logits, or their gradient", memory_->logits);
    return list;
}

nlohmann::json GPT2Trainer::config() const {
    return {{"model_type", "gpt2"},
            {"architectures", {"GPT2LMHeadModel"}},
            {"activation_function", activation_name(sizes_.activation)},
            {"attn_pdrop", 0.0},
            {"embd_pdrop", 0.0},
            {"resid_pdrop", 0.0},
            {"layer_norm_epsilon", sizes_.epsilon},
            {"initializer_range", sizes_.initializer_range},
            {"n_embd", sizes_.width},
            {"n_head", sizes_.heads},
            {"n_inner", sizes_.ff_width},
            {"n_layer", sizes_.layers},
            {"n_positions", sizes_.positions},
            {"vocab_size", sizes_.vocabulary},
            {"tie_word_embeddings", true},
            {"dtype", "float32"}};
}

}  // namespace vitrine::train

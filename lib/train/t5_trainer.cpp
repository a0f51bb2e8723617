#include "train/t5_trainer.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "nn/relative_bias.h"
#include "tensor/error.h"
#include "tensor/random.h"
#include "train/t5_memory.h"

namespace vitrine::train {

T5Trainer::T5Trainer(const T5Sizes& sizes)
    : sizes_(sizes), encoder_(std::make_unique<Stack>()), decoder_(std::make_unique<Stack>()) {
    if (sizes.heads < 1 || sizes.head_width < 1) {
        throw ArgumentError(
            "heads and their width", "at least 1",
            std::to_string(sizes.heads) + " and " + std::to_string(sizes.head_width));
    }
    if (sizes.gated && sizes.activation == Activate::gelu_exact) {
        throw ArgumentError("activation of a gated feed-forward", "gelu_tanh, silu or relu",
                            "gelu_exact", "\"gated-gelu\" in config.json means gelu_tanh");
    }
    // Throws for buckets that can't be.
    relative_bucket(0, true, static_cast<int>(sizes.buckets), sizes.max_distance);
    tokens_ = parameters_.add("shared.weight", {sizes.vocabulary, sizes.width});
    decoder_->decoder = true;
    add_stack(*encoder_, "encoder.", sizes.layers);
    add_stack(*decoder_, "decoder.", sizes.decoder_layers);
    unembed_ =
        sizes.tied ? tokens_ : parameters_.add("lm_head.weight", {sizes.vocabulary, sizes.width});
}

T5Trainer::~T5Trainer() = default;

void T5Trainer::add_stack(Stack& stack, const std::string& name, Index layers) {
    const Index C = sizes_.width, F = sizes_.ff_width, I = sizes_.heads * sizes_.head_width;
    for (Index l = 0; l < layers; ++l) {
        const std::string layer = name + "block." + std::to_string(l) + ".layer.";
        Block b{};
        const std::string attn = layer + "0.SelfAttention.";
        b.qkv = parameters_.add(attn + "q.weight", {I, C});
        parameters_.add(attn + "k.weight", {I, C});
        parameters_.add(attn + "v.weight", {I, C});
        b.out = parameters_.add(attn + "o.weight", {C, I});
        if (l == 0) {
            stack.distances = parameters_.add(attn + "relative_attention_bias.weight",
                                              {sizes_.buckets, sizes_.heads});
        }
        b.ln_1 = parameters_.add(layer + "0.layer_norm.weight", {C});
        if (stack.decoder) {
            const std::string cross = layer + "1.EncDecAttention.";
            b.cross_q = parameters_.add(cross + "q.weight", {I, C});
            b.cross_kv = parameters_.add(cross + "k.weight", {I, C});
            parameters_.add(cross + "v.weight", {I, C});
            b.cross_out = parameters_.add(cross + "o.weight", {C, I});
            b.ln_cross = parameters_.add(layer + "1.layer_norm.weight", {C});
        }
        const std::string last = layer + (stack.decoder ? "2." : "1.");
        const std::string feed = last + "DenseReluDense.";
        if (sizes_.gated) b.gate = parameters_.add(feed + "wi_0.weight", {F, C});
        b.in = parameters_.add(feed + (sizes_.gated ? "wi_1.weight" : "wi.weight"), {F, C});
        b.down = parameters_.add(feed + "wo.weight", {C, F});
        b.ln_2 = parameters_.add(last + "layer_norm.weight", {C});
        stack.blocks.push_back(b);
    }
    stack.final_norm = parameters_.add(name + "final_layer_norm.weight", {C});
}

void T5Trainer::randomize(std::uint64_t seed) {
    Random random(seed);
    for (std::size_t i = 0; i < parameters_.list().size(); ++i) {
        const Parameter& parameter = parameters_.list()[i];
        Real* values = parameters_.value(i);
        if (parameter.shape.size() < 2) {
            std::fill_n(values, parameter.size, Real{1});
            continue;
        }
        const bool distances = parameter.name.ends_with("relative_attention_bias.weight");
        auto features = static_cast<double>(distances ? sizes_.width : parameter.shape[1]);
        if (parameter.name.ends_with("Attention.q.weight"))
            features *= static_cast<double>(sizes_.head_width);
        const double deviation = i == tokens_ ? 1.0 : 1 / std::sqrt(features);
        for (Index n = 0; n < parameter.size; ++n)
            values[n] = static_cast<Real>(deviation * random.normal());
    }
}

std::size_t T5Trainer::activation_bytes(Index B, Index T) const {
    const Index N = B * T, C = sizes_.width, F = sizes_.ff_width;
    const Index I = sizes_.heads * sizes_.head_width, wide = sizes_.gated ? 3 * F : 2 * F;
    const Index pattern = B * sizes_.heads * T * T;
    const Index self = N * (3 * C + 4 * I) + pattern, cross = N * (2 * C + 4 * I) + pattern;
    const Index feed = N * (C + wide);
    const Index on_their_way = N * (5 * C + 8 * I + 2 * F) + pattern;  // of each stack
    const Index blocks =
        (sizes_.layers + sizes_.decoder_layers) * (self + feed) + sizes_.decoder_layers * cross;
    const Index rest = 2 * (on_their_way + 2 * N * C) + N * (2 * C + sizes_.vocabulary);
    return static_cast<std::size_t>(blocks + rest) * sizeof(Real);
}

void T5Trainer::check(const Batch& batch) const {
    check_rows(batch.ids, batch.T, positions(), sizes_.vocabulary);
    check_rows(batch.source, batch.S, positions(), sizes_.vocabulary);
    check_targets(batch);
    const Index sources = static_cast<Index>(batch.source.size()) / batch.S;
    if (sources != batch.rows()) {
        throw ArgumentError("sources", "one for each of " + std::to_string(batch.rows()) + " rows",
                            std::to_string(sources));
    }
    if (!batch.source_mask.empty() && batch.source_mask.size() != batch.source.size()) {
        throw ArgumentError("source_mask", std::to_string(batch.source.size()) + " numbers",
                            std::to_string(batch.source_mask.size()));
    }
}

/// Memory of a stack of m.B texts of T; a decoder also looks at sources of S.
void T5Trainer::prepare_stack(StackMemory& m, Index layers, Index T, Index S) {
    const auto N = static_cast<Index>(m.ids.size());
    if (m.N == N && m.T == T && m.S == S) return;
    m.T = T, m.S = S, m.N = N, m.B = N / T;
    const Index C = sizes_.width, F = sizes_.ff_width, H = sizes_.heads;
    const Index I = H * sizes_.head_width, sources = m.B * S;
    const auto make = [N](Index width) { return uninitialized<2>({N, width}); };
    const auto of_source = [sources](Index width) { return uninitialized<2>({sources, width}); };
    const auto cells = static_cast<std::size_t>(m.B * H * T * T);
    m.blocks.assign(static_cast<std::size_t>(layers), {});
    for (BlockMemory& b : m.blocks) {
        b.x = make(C), b.ln_1 = make(C), b.qkv = make(3 * I), b.z = make(I), b.mid = make(C);
        b.pattern.resize(cells);
        b.ln_2 = make(C), b.pre = make(F), b.post = make(F);
        if (sizes_.gated) b.gate = make(F);
        if (!m.decoder) continue;
        b.ln_cross = make(C), b.q = make(I), b.kv = of_source(2 * I), b.z_cross = make(I);
        b.crossed = make(C);
        b.cross_pattern.resize(static_cast<std::size_t>(m.B * H * T * S));
    }
    m.last = make(C), m.normed = make(C), m.dx = make(C), m.dy = make(C), m.d_narrow = make(C);
    m.d_qkv = make(3 * I), m.d_z = make(I), m.d_wide = make(F);
    if (sizes_.gated) m.d_gate = make(F);
    m.d_scores.resize(cells);
    m.d_bias = zeros<3>({H, T, T});
    if (!m.decoder) return;
    m.d_q = make(I), m.d_kv = of_source(2 * I);
    m.d_source = of_source(C), m.d_memory = of_source(C);
}

void T5Trainer::prepare(const Batch& batch) {
    if (!memory_) memory_ = std::make_unique<Memory>();
    Memory& m = *memory_;
    m.encoder.ids = batch.source;
    m.encoder.mask = batch.source_mask;
    prepare_stack(m.encoder, sizes_.layers, batch.S, 0);
    m.decoder.decoder = true;
    m.decoder.source = &m.encoder;
    m.decoder.ids = batch.ids;
    prepare_stack(m.decoder, sizes_.decoder_layers, batch.T, batch.S);
    m.logits.resize({batch.ids.size(), static_cast<std::size_t>(sizes_.vocabulary)});
}

std::vector<Trainer::Named> T5Trainer::activations() const {
    std::vector<Named> list;
    if (!memory_) return list;
    const auto add = [&](const std::string& name, const Tensor2& x) {
        if (x.size() != 0) list.push_back({name, {x.data(), x.size()}});
    };
    for (const StackMemory* m : {&memory_->encoder, &memory_->decoder}) {
        const std::string stack = m->decoder ? "decoder." : "encoder.";
        for (std::size_t l = 0; l < m->blocks.size(); ++l) {
            const BlockMemory& b = m->blocks[l];
            const std::string block = stack + "blocks." + std::to_string(l) + ".";
            add(block + "resid_pre", b.x);
            add(block + "ln1", b.ln_1);
            add(block + "attn.qkv", b.qkv);
            list.push_back({block + "attn.pattern", b.pattern});
            add(block + "attn.z", b.z);
            add(block + "resid_mid", b.mid);
            add(block + "ln_cross", b.ln_cross);
            add(block + "cross_attn.q", b.q);
            add(block + "cross_attn.kv", b.kv);
            if (m->decoder) list.push_back({block + "cross_attn.pattern", b.cross_pattern});
            add(block + "cross_attn.z", b.z_cross);
            add(block + "resid_cross", b.crossed);
            add(block + "ln2", b.ln_2);
            add(block + "mlp_gate", b.gate);
            add(block + "mlp_pre", b.pre);
            add(block + "mlp_post", b.post);
        }
        add(stack + "resid_post", m->last);
        add(stack + "ln_final", m->normed);
    }
    add("logits, or their gradient", memory_->logits);
    return list;
}

nlohmann::json T5Trainer::config() const {
    const std::string activation = sizes_.gated && sizes_.activation == Activate::gelu_tanh
                                       ? "gelu"
                                       : activation_name(sizes_.activation);
    return {{"model_type", "t5"},
            {"architectures", {"T5ForConditionalGeneration"}},
            {"feed_forward_proj", (sizes_.gated ? "gated-" : "") + activation},
            {"dropout_rate", 0.0},
            {"layer_norm_epsilon", sizes_.epsilon},
            {"d_model", sizes_.width},
            {"d_kv", sizes_.head_width},
            {"d_ff", sizes_.ff_width},
            {"num_heads", sizes_.heads},
            {"num_layers", sizes_.layers},
            {"num_decoder_layers", sizes_.decoder_layers},
            {"relative_attention_num_buckets", sizes_.buckets},
            {"relative_attention_max_distance", sizes_.max_distance},
            {"vocab_size", sizes_.vocabulary},
            {"decoder_start_token_id", sizes_.start_id},
            {"pad_token_id", 0},
            {"eos_token_id", 1},
            {"is_encoder_decoder", true},
            {"tie_word_embeddings", sizes_.tied},
            {"scale_decoder_outputs", sizes_.scaled},
            {"dtype", "float32"}};
}

}  // namespace vitrine::train

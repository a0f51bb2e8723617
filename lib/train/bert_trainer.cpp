#include "train/bert_trainer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tensor/error.h"
#include "tensor/random.h"
#include "train/bert_memory.h"

namespace vitrine::train {

BertTrainer::Map BertTrainer::add_map(const std::string& name, Index in, Index out) {
    const std::size_t weight = parameters_.add(name + ".weight", {out, in});
    return {weight, parameters_.add(name + ".bias", {out})};
}

BertTrainer::Map BertTrainer::add_norm(const std::string& name) {
    const std::size_t gain = parameters_.add(name + ".weight", {sizes_.width});
    return {gain, parameters_.add(name + ".bias", {sizes_.width})};
}

BertTrainer::BertTrainer(const BertSizes& sizes) : sizes_(sizes) {
    const Index C = sizes.width, F = sizes.ff_width;
    if (sizes.heads < 1 || C % sizes.heads != 0) {
        throw ArgumentError("heads", "a number that divides the width " + std::to_string(C),
                            std::to_string(sizes.heads));
    }
    const std::string embeddings = "bert.embeddings.";
    tokens_ = parameters_.add(embeddings + "word_embeddings.weight", {sizes.vocabulary, C});
    positions_ = parameters_.add(embeddings + "position_embeddings.weight", {sizes.positions, C});
    types_ = parameters_.add(embeddings + "token_type_embeddings.weight", {sizes.types, C});
    norm_ = add_norm(embeddings + "LayerNorm");
    for (Index l = 0; l < sizes.layers; ++l) {
        const std::string layer = "bert.encoder.layer." + std::to_string(l) + ".";
        const std::string self = layer + "attention.self.";
        Block b;
        b.qkv.weight = parameters_.add(self + "query.weight", {C, C});
        parameters_.add(self + "key.weight", {C, C});
        parameters_.add(self + "value.weight", {C, C});
        b.qkv.bias = parameters_.add(self + "query.bias", {C});
        parameters_.add(self + "key.bias", {C});
        parameters_.add(self + "value.bias", {C});
        b.out = add_map(layer + "attention.output.dense", C, C);
        b.ln_1 = add_norm(layer + "attention.output.LayerNorm");
        b.in = add_map(layer + "intermediate.dense", C, F);
        b.down = add_map(layer + "output.dense", F, C);
        b.ln_2 = add_norm(layer + "output.LayerNorm");
        blocks_.push_back(b);
    }
    pooler_ = add_map("bert.pooler.dense", C, C);
    transform_ = add_map("cls.predictions.transform.dense", C, C);
    transform_norm_ = add_norm("cls.predictions.transform.LayerNorm");
    word_bias_ = parameters_.add("cls.predictions.bias", {sizes.vocabulary});
    next_map_ = add_map("cls.seq_relationship", C, 2);
}

BertTrainer::~BertTrainer() = default;

void BertTrainer::randomize(std::uint64_t seed) {
    Random random(seed);
    for (std::size_t i = 0; i < parameters_.list().size(); ++i) {
        const Parameter& parameter = parameters_.list()[i];
        Real* values = parameters_.value(i);
        const bool is_gain = parameter.name.ends_with("LayerNorm.weight");
        for (Index n = 0; n < parameter.size; ++n) {
            values[n] = parameter.shape.size() >= 2 ? static_cast<Real>(0.02 * random.normal())
                        : is_gain                   ? Real{1}
                                                    : Real{0};
        }
    }
}

std::size_t BertTrainer::activation_bytes(Index B, Index T) const {
    const Index N = B * T, C = sizes_.width, F = sizes_.ff_width;
    const Index block = N * (8 * C + 2 * F) + B * sizes_.heads * T * T;
    const Index words = N * (6 * C + sizes_.vocabulary);  // if every word is asked for
    const Index rest = N * (2 * C) + N * (6 * C + F) + B * 4 * C;
    return static_cast<std::size_t>(sizes_.layers * block + words + rest) * sizeof(Real);
}

void BertTrainer::check(const Batch& batch) const {
    check_rows(batch.ids, batch.T, sizes_.positions, sizes_.vocabulary);
    check_targets(batch);
    const auto check_count = [&](const char* name, const std::vector<int>& values, Index count) {
        if (values.empty() || static_cast<Index>(values.size()) == count) return;
        throw ArgumentError(name, std::to_string(count) + " numbers",
                            std::to_string(values.size()));
    };
    const auto N = static_cast<Index>(batch.ids.size());
    check_count("types", batch.types, N);
    check_count("mask", batch.mask, N);
    check_count("follows", batch.follows, batch.rows());
    for (const int type : batch.types) {
        if (type >= 0 && type < sizes_.types) continue;
        throw ArgumentError("type", "0 to " + std::to_string(sizes_.types - 1),
                            std::to_string(type));
    }
}

void BertTrainer::prepare(const Batch& batch) {
    if (!memory_) memory_ = std::make_unique<Memory>();
    Memory& m = *memory_;
    const Index N = static_cast<Index>(batch.ids.size()), T = batch.T;
    m.ids = batch.ids;
    m.types = batch.types;
    m.types.resize(batch.ids.size(), 0);
    m.places.resize(batch.ids.size());
    for (Index n = 0; n < N; ++n) m.places[static_cast<std::size_t>(n)] = static_cast<int>(n % T);
    if (m.N == N && m.T == T) return;
    const Index C = sizes_.width, F = sizes_.ff_width;
    m.T = T;
    m.N = N;
    m.B = N / T;
    const auto make = [N](Index width) { return uninitialized<2>({N, width}); };
    m.blocks.resize(static_cast<std::size_t>(sizes_.layers));
    for (BertBlockMemory& b : m.blocks) {
        b.x = make(C), b.qkv = make(3 * C), b.z = make(C), b.attended = make(C);
        b.mid = make(C), b.pre = make(F), b.post = make(F), b.fed = make(C);
        b.pattern.resize(static_cast<std::size_t>(m.B * sizes_.heads * T * T));
    }
    m.embedded = make(C), m.last = make(C);
    m.dx = make(C), m.dy = make(C), m.d_qkv = make(3 * C), m.d_wide = make(F), m.d_narrow = make(C);
}

void BertTrainer::prepare_heads(const Batch& batch) {
    Memory& m = *memory_;
    m.chosen.clear();
    m.words.clear();
    for (Index n = 0; n < m.N; ++n) {
        const int target = batch.targets[static_cast<std::size_t>(n)];
        if (target < 0) continue;
        m.chosen.push_back(n);
        m.words.push_back(target);
    }
    const Index C = sizes_.width;
    const auto M = static_cast<Index>(m.chosen.size());
    const auto resize = [](Tensor2& x, Index rows, Index width) {
        x.resize({static_cast<std::size_t>(rows), static_cast<std::size_t>(width)});
    };
    for (Tensor2* each : {&m.taken, &m.dense, &m.active, &m.normed, &m.d_words, &m.d_dense})
        resize(*each, M, C);
    resize(m.logits, M, sizes_.vocabulary);
    for (Tensor2* each : {&m.first, &m.pooled, &m.d_pooled, &m.d_first}) resize(*each, m.B, C);
    resize(m.next, m.B, 2);
}

std::vector<Trainer::Named> BertTrainer::activations() const {
    std::vector<Named> list;
    if (!memory_) return list;
    const auto add = [&](const std::string& name, const Tensor2& x) {
        list.push_back({name, {x.data(), x.size()}});
    };
    add("embed", memory_->embedded);
    for (std::size_t l = 0; l < memory_->blocks.size(); ++l) {
        const BertBlockMemory& b = memory_->blocks[l];
        const std::string block = "blocks." + std::to_string(l) + ".";
        add(block + "resid_pre", b.x);
        add(block + "attn.qkv", b.qkv);
        list.push_back({block + "attn.pattern", b.pattern});
        add(block + "attn.z", b.z);
        add(block + "resid_mid", b.attended);
        add(block + "ln1", b.mid);
        add(block + "mlp_pre", b.pre);
        add(block + "mlp_post", b.post);
        add(block + "resid_post", b.fed);
    }
    add("ln2", memory_->last);
    add("mlm_dense", memory_->dense);
    add("mlm_norm", memory_->normed);
    add("mlm_logits, or their gradient", memory_->logits);
    add("pooler_output", memory_->pooled);
    add("nsp_logits, or their gradient", memory_->next);
    return list;
}

nlohmann::json BertTrainer::config() const {
    return {{"model_type", "bert"},
            {"architectures", {"BertForPreTraining"}},
            {"hidden_act", activation_name(sizes_.activation)},
            {"attention_probs_dropout_prob", 0.0},
            {"hidden_dropout_prob", 0.0},
            {"layer_norm_eps", sizes_.epsilon},
            {"initializer_range", 0.02},
            {"hidden_size", sizes_.width},
            {"num_attention_heads", sizes_.heads},
            {"intermediate_size", sizes_.ff_width},
            {"num_hidden_layers", sizes_.layers},
            {"max_position_embeddings", sizes_.positions},
            {"type_vocab_size", sizes_.types},
            {"vocab_size", sizes_.vocabulary},
            {"tie_word_embeddings", true},
            {"dtype", "float32"}};
}

}  // namespace vitrine::train

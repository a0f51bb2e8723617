#include "models/encoder.h"

#include <algorithm>

#include "nn/layer_norm.h"
#include "tensor/error.h"

namespace vitrine {

namespace {

/// Ids, positions and types of one input, behind those that are there already.
struct Tokens {
    std::vector<int> ids, positions, types;

    void append(const TokenInput& input, int padding) {
        int position = padding;
        for (const int id : input.ids) positions.push_back(id == padding ? padding : ++position);
        ids.insert(ids.end(), input.ids.begin(), input.ids.end());
        types.insert(types.end(), input.type_ids.begin(), input.type_ids.end());
        types.resize(ids.size(), 0);
    }
};

void check_head(bool none, const char* what) {
    if (none) throw ArgumentError("model", std::string("one with ") + what, "one without");
}

Tensor1 row_of(const Tensor2& one) {
    Tensor1 row = uninitialized<1>({static_cast<Index>(one.size())});
    std::copy(one.begin(), one.end(), row.begin());
    return row;
}

/// tanh(linear(x)) of the first position.
Tensor1 summary(const Linear& linear, Ref2 hidden) {
    Tensor1 result = row_of(linear(rows(hidden, 0, 1)));  // [C]
    apply_tanh(result);
    return result;
}

Tensor1 run_head(const TextHead& head, Ref2 hidden) {
    const Tensor1 first = summary(head.dense, hidden);
    return row_of(head.out(Ref2(first.data(), {1, static_cast<Index>(first.size())})));
}

}  // namespace

Encoder::Encoder(ModelInfo info, EncoderWeights weights)
    : info_(std::move(info)), weights_(std::move(weights)) {}

Tensor2 Encoder::embed(const std::vector<int>& ids, const std::vector<int>& positions,
                       const std::vector<int>& types, const Parts& parts, Record* record) const {
    for (const int type : types) {
        if (type < 0 || type >= weights_.types.rows) {
            throw ArgumentError("type_ids",
                                "numbers from 0 to " + std::to_string(weights_.types.rows - 1),
                                std::to_string(type), "type_vocab_size in config.json says so");
        }
    }
    Tensor2 x = parts.embed(ids, weights_.tokens);  // [N, C]
    tap(record, "embed", x, "TC");
    Tensor2 place = parts.embed(positions, weights_.positions);  // [N, C]
    tap(record, "pos_embed", place, "TC");
    Tensor2 type = parts.embed(types, weights_.types);  // [N, C]
    tap(record, "type_embed", type, "TC");
    x += place;
    x += type;
    return normalize(parts, x, weights_.norm);
}

std::vector<Tensor2> Encoder::forward(std::span<const TokenInput> batch, const Parts& parts,
                                      const std::stop_token& stop) const {
    for (const TokenInput& input : batch) check_input(input, info_.max_positions);
    if (batch.empty()) return {};
    const bool plain = std::all_of(batch.begin(), batch.end(), [](const TokenInput& input) {
        return input.record == nullptr &&
               std::find(input.mask.begin(), input.mask.end(), 0) == input.mask.end();
    });
    if (plain) return run_packed(batch, parts, stop);
    std::vector<Tensor2> result;
    for (const TokenInput& input : batch) result.push_back(run_one(input, parts, stop));
    return result;
}

/// All texts at once: one product of each weight for all of them.
std::vector<Tensor2> Encoder::run_packed(std::span<const TokenInput> batch, const Parts& parts,
                                         const std::stop_token& stop) const {
    Tokens tokens;
    std::vector<Segment> segments;
    for (const TokenInput& input : batch) {
        segments.push_back(
            {static_cast<Index>(tokens.ids.size()), static_cast<Index>(input.ids.size()), nullptr});
        tokens.append(input, weights_.padding);
    }
    Tensor2 x = embed(tokens.ids, tokens.positions, tokens.types, parts, nullptr);  // [N, C]
    for (const BlockWeights& block : weights_.blocks) {
        if (stop.stop_requested()) throw Stopped();
        x = parts.block(parts, x, segments, block, nullptr);
    }
    std::vector<Tensor2> result;
    result.reserve(segments.size());
    for (const Segment& segment : segments) {
        result.push_back(rows(Ref2(x), segment.begin, segment.begin + segment.length).copy());
    }
    return result;
}

Tensor2 Encoder::run_one(const TokenInput& input, const Parts& parts,
                         const std::stop_token& stop) const {
    Tokens tokens;
    tokens.append(input, weights_.padding);
    Tensor2 x = embed(tokens.ids, tokens.positions, tokens.types, parts, input.record);  // [T, C]
    const Tensor2 hidden_keys = mask_bias(input.mask, static_cast<Index>(input.ids.size()));
    x = run_blocks(parts, std::move(x), bias_or_none(hidden_keys), weights_.blocks, input.record,
                   stop);
    record_heads(x, parts, input.record);
    return x;
}

void Encoder::record_heads(Ref2 hidden, const Parts& parts, Record* record) const {
    if (record == nullptr) return;
    if (!weights_.words.none() && record->wants("mlm_logits")) {
        Tensor2 logits = word_logits(hidden, parts);
        tap(record, "mlm_logits", logits, "TV");
    }
    if (weights_.pooler.out_features() != 0 && record->wants("pooler_output")) {
        Tensor1 pooler_output = pooled(hidden);
        tap(record, "pooler_output", pooler_output, "C");
    }
    if (!weights_.next_sentence.none() && record->wants("nsp_logits")) {
        Tensor1 logits = next_sentence_logits(hidden);
        tap(record, "nsp_logits", logits, "Y");
    }
    if (!weights_.classes.none() && record->wants("logits")) {
        Tensor1 logits = class_logits(hidden);
        tap(record, "logits", logits, "Y");
    }
}

Tensor2 Encoder::word_logits(Ref2 hidden, const Parts& parts) const {
    const TokenHead& head = weights_.words;
    check_head(head.none(), "a masked-language-model head");
    const Tensor2 dense = parts.activation(head.dense(hidden), head.activation);  // [T, C]
    Tensor2 logits = parts.unembed(normalize(parts, dense, head.norm), head.table);
    for (std::size_t t = 0; t < logits.shape()[0]; ++t) {
        for (std::size_t v = 0; v < logits.shape()[1]; ++v) logits(t, v) += head.bias(v);
    }
    return logits;  // [T, V]
}

Tensor1 Encoder::pooled(Ref2 hidden) const {
    check_head(weights_.pooler.out_features() == 0, "a pooler");
    return summary(weights_.pooler, hidden);
}

Tensor1 Encoder::next_sentence_logits(Ref2 hidden) const {
    check_head(weights_.next_sentence.none(), "a next-sentence head");
    return run_head(weights_.next_sentence, hidden);
}

Tensor1 Encoder::class_logits(Ref2 hidden) const {
    check_head(weights_.classes.none(), "a classifier");
    return run_head(weights_.classes, hidden);
}

}  // namespace vitrine

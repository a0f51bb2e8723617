#include "models/clip.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "nn/layer_norm.h"
#include "tensor/error.h"
#include "tensor/shape.h"

namespace vitrine {

namespace {

/// Scales a row to length 1 and writes it to row b of `vectors`.
void put_unit(const Tensor2& row, std::size_t b, Tensor2& vectors) {
    double squares = 0;
    for (const Real value : row) squares += static_cast<double>(value) * static_cast<double>(value);
    const auto length = static_cast<Real>(std::sqrt(squares));
    for (std::size_t p = 0; p < row.shape()[1]; ++p) vectors(b, p) = row(0, p) / length;
}

/// Pixels of the patches, one row each: [channels, side, side] -> [patches, channels patch patch].
Tensor2 patch_rows(Ref3 pixels, Index patch) {
    const auto [channels, side, width] = shape3(pixels);
    const Index across = side / patch;
    Tensor2 result = uninitialized<2>({across * across, channels * patch * patch});
    Real* to = result.data();
    for (Index row = 0; row < across; ++row) {
        for (Index column = 0; column < across; ++column) {
            for (Index c = 0; c < channels; ++c) {
                for (Index y = 0; y < patch; ++y) {
                    for (Index x = 0; x < patch; ++x) {
                        *to++ = pixels(c, row * patch + y, column * patch + x);
                    }
                }
            }
        }
    }
    return result;
}

}  // namespace

Clip::Clip(ModelInfo info, ClipWeights weights)
    : info_(std::move(info)), weights_(std::move(weights)) {}

Tensor2 Clip::read_text(const TokenInput& input, const Parts& parts,
                        const std::stop_token& stop) const {
    Record* record = input.record;
    const Scope in_tower(record, "text.");
    const auto T = static_cast<Index>(input.ids.size());
    std::vector<int> places(input.ids.size());
    std::iota(places.begin(), places.end(), 0);
    Tensor2 x = parts.embed(input.ids, weights_.tokens);  // [T, C]
    tap(record, "embed", x, "TC");
    Tensor2 positions = parts.embed(places, weights_.text_positions);  // [T, C]
    tap(record, "pos_embed", positions, "TC");
    x += positions;
    Tensor2 bias = causal_bias(T, T);
    const Tensor2 padding = mask_bias(input.mask, T);
    if (padding.size() != 0) bias += padding;
    x = run_blocks(parts, std::move(x), bias, weights_.text_blocks, record, stop);
    x = normalize(parts, x, weights_.text_norm);
    tap(record, "ln_final", x, "TC");
    const auto end = weights_.end_id < 0
                         ? std::max_element(input.ids.begin(), input.ids.end())
                         : std::find(input.ids.begin(), input.ids.end(), weights_.end_id);
    const Index at = end == input.ids.end() ? 0 : end - input.ids.begin();
    return weights_.text_projection(rows(Ref2(x), at, at + 1));  // [1, P]
}

Tensor2 Clip::read_picture(const PictureInput& input, const Parts& parts,
                           const std::stop_token& stop) const {
    Record* record = input.record;
    const Scope in_tower(record, "vision.");
    Tensor2 patches = weights_.patches(patch_rows(input.pixels, weights_.patch));  // [T - 1, C']
    tap(record, "embed", patches, "TC");
    const Index C = weights_.patches.out_features();
    const Index T = 1 + static_cast<Index>(patches.shape()[0]);
    Tensor2 x = uninitialized<2>({T, C});
    auto* behind =
        std::copy(weights_.class_embedding.begin(), weights_.class_embedding.end(), x.data());
    std::copy(patches.begin(), patches.end(), behind);
    std::vector<int> places(static_cast<std::size_t>(T));
    std::iota(places.begin(), places.end(), 0);
    Tensor2 positions = parts.embed(places, weights_.vision_positions);  // [T, C']
    tap(record, "pos_embed", positions, "TC");
    x += positions;
    x = normalize(parts, x, weights_.vision_norm_before);
    x = run_blocks(parts, std::move(x), Bias(), weights_.vision_blocks, record, stop);
    Tensor2 first = normalize(parts, rows(Ref2(x), 0, 1), weights_.vision_norm_after);
    return weights_.vision_projection(first);  // [1, P]
}

Tensor2 Clip::embed_texts(std::span<const TokenInput> batch, const Parts& parts,
                          const std::stop_token& stop) const {
    for (const TokenInput& input : batch) check_input(input, info_.max_positions);
    Tensor2 vectors = uninitialized<2>({static_cast<Index>(batch.size()), projection()});
    for (std::size_t b = 0; b < batch.size(); ++b) {
        put_unit(read_text(batch[b], parts, stop), b, vectors);
    }
    return vectors;
}

Tensor2 Clip::embed_pictures(std::span<const PictureInput> batch, const Parts& parts,
                             const std::stop_token& stop) const {
    for (const PictureInput& input : batch) {
        check_shape("pixels", input.pixels, {weights_.channels, weights_.side, weights_.side},
                    "ImageProcessor makes them so");
    }
    Tensor2 vectors = uninitialized<2>({static_cast<Index>(batch.size()), projection()});
    for (std::size_t b = 0; b < batch.size(); ++b) {
        put_unit(read_picture(batch[b], parts, stop), b, vectors);
    }
    return vectors;
}

Tensor2 Clip::logits(Ref2 picture_vectors, Ref2 text_vectors) const {
    const Index P = projection();
    check_shape("picture_vectors", picture_vectors, {picture_vectors.shape[0], P});
    check_shape("text_vectors", text_vectors, {text_vectors.shape[0], P});
    Tensor2 result = zeros<2>({picture_vectors.shape[0], text_vectors.shape[0]});
    for (Index i = 0; i < picture_vectors.shape[0]; ++i) {
        for (Index t = 0; t < text_vectors.shape[0]; ++t) {
            for (Index p = 0; p < P; ++p) {
                result(i, t) += picture_vectors(i, p) * text_vectors(t, p);
            }
            result(i, t) *= weights_.logit_scale;
        }
    }
    return result;
}

}  // namespace vitrine

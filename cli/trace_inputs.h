// What `vitrine trace` runs a model on: stored tensors, or texts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/registry.h"

namespace vitrine::cli {

/// Whole numbers, [B, T].
struct IntMatrix {
    Index B = 0, T = 0;
    std::vector<std::int64_t> values;

    bool none() const { return values.empty(); }
    /// Row b; empty if there are no numbers. @throws ArgumentError naming `what` for a number that
    /// does not fit an int
    std::vector<int> row(Index b, const char* what) const;
};

struct TraceInputs {
    IntMatrix ids, mask, types, decoder_ids;
    std::vector<Tensor3> pictures;  // [channels, height, width] each
};

/// input_ids of a safetensors file, and attention_mask, token_type_ids and decoder_input_ids if
/// they are there.
/// @throws FileError, ShapeError, ArgumentError  naming the file and tensor
TraceInputs read_tensors(const std::string& path);

struct TextInputs {
    std::string text, pair, decoder_text, image;
};

/// One row from texts, by the tokenizer in the model's folder.
/// @throws ArgumentError  for an input that a model of this kind does not take
TraceInputs read_texts(const TextInputs& texts, const Model& model,
                       const std::filesystem::path& folder);

}  // namespace vitrine::cli

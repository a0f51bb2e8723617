// A model that predicts the next token: what generation, the command line and the app know of one.
// A LanguageModel never changes after loading and may be used by several threads at once.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "activations/record.h"
#include "nn/parts.h"

namespace vitrine {

/// The sizes of a model, by the letters of docs/glossary.md.
struct ModelInfo {
    std::string family;       // "gpt2"
    Index layers = 0;         // L
    Index heads = 0;          // H
    Index kv_heads = 0;       // K
    Index width = 0;          // C
    Index head_width = 0;     // D
    Index ff_width = 0;       // F
    Index vocabulary = 0;     // V
    Index max_positions = 0;  // longest sequence it can take
    Index parameters = 0;     // tied tables counted once
    std::size_t weight_bytes = 0;
    std::string dtype;             // as stored: "float16"
    int bos_id = -1, eos_id = -1;  // -1: none
};

/// One row of a batch. `ids` continue after state->length positions; without a state they start at
/// 0.
struct Sequence {
    std::span<const int> ids;
    State* state = nullptr;    // read and advanced; null: no cache
    Record* record = nullptr;  // takes this sequence's activations; null: nothing is kept
};

enum class Logits { all, last };

class LanguageModel {
   public:
    virtual ~LanguageModel() = default;
    virtual const ModelInfo& info() const = 0;
    virtual State new_state() const = 0;

    /// Runs a batch of sequences.
    /// @param batch  each at least one id
    /// @param which  logits of every position, or of the last of each sequence
    /// @param parts  what to compute with
    /// @param stop   looked at after every layer
    /// @return       one [T_i, V] (or [1, V]) for each sequence, in order
    /// @throws ArgumentError  an id outside the vocabulary, more positions than the model has, a
    ///                        state of another model or one state twice
    /// @throws Stopped        when asked to stop; states are as they were before the call
    virtual std::vector<Tensor2> forward(std::span<const Sequence> batch,
                                         Logits which = Logits::all,
                                         const Parts& parts = fast_parts(),
                                         std::stop_token stop = {}) const = 0;
};

/// Loads a Hugging Face folder (config.json, model.safetensors or its shards), memory-mapped.
/// @throws FileError  naming the file, key or tensor, what was expected and what came
std::unique_ptr<LanguageModel> load_language_model(const std::filesystem::path& folder);

}  // namespace vitrine

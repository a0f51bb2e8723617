// Everything that fixes a training run, as a JSON file: the same recipe and the same texts give the
// same model on the same number of threads.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "train/adamw.h"
#include "train/batches.h"
#include "train/data.h"
#include "train/gpt2_trainer.h"

namespace vitrine::train {

struct Recipe {
    DataOptions data;
    std::filesystem::path tokenizer;            // tokenizer.json or the folder it is in
    Index vocabulary = 0;                       // or: a byte-level BPE of so many tokens is learnt
    std::string begin_token = "<|endoftext|>";  // begins every document

    GPT2Sizes model{0, 256, 256, 6, 8, 1024};  // the vocabulary is the tokenizer's
    double sinusoid_base = 0.0;                // positions begin as sinusoids; 0: at random
    double sinusoid_amplitude = 0.0;

    std::vector<Phase> phases{Phase{}};
    Index accumulate = 1;  // parts that a step's rows are taken in, one after the other
    AdamWOptions optimizer;
    bool muon = false;  // the matrices inside the blocks take Muon's steps
    double learning_rate = 1e-3;
    Index warm_up = 100;       // steps
    double final_share = 0.1;  // of the learning rate, at the end of the cosine
    double clip = 1.0;         // largest norm of the gradient
    double dropout = 0.0;
    std::uint64_t seed = 1;

    Index log_every = 10;  // steps, here and below
    Index validate_every = 250;
    Index checkpoint_every = 250;
    Index keep_every = 0;              // models of these checkpoints stay; 0: only the last two
    std::vector<Index> keep;           // and of these steps, to look at; 0: before the first
    std::vector<std::string> prompts;  // gone on from at every checkpoint
    DType dtype = DType::float32;      // of the weights of the finished model

    Index steps() const;  // of all phases
    bool keeps(Index step) const;
    Schedule schedule() const { return {learning_rate, warm_up, steps(), final_share}; }
};

/// @param folder  the tokenizer's path and that of the held-out documents are relative to it
/// @param texts   the paths of the sources are relative to it
/// @param where   names the recipe in errors
/// @throws FileError  for a value of another type or outside its range, or a key nobody knows
Recipe parse_recipe(const nlohmann::json& json, const std::filesystem::path& folder,
                    const std::filesystem::path& texts, const std::string& where);
nlohmann::json to_json(const Recipe& recipe);

/// @throws ArgumentError  for settings that don't go together
void check_recipe(const Recipe& recipe);

}  // namespace vitrine::train

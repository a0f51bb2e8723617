// From documents to token files: tokenised with all cores, split into training and validation.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <vector>

#include "io/documents.h"
#include "text/tokenizer.h"
#include "text/tokenizer_trainer.h"
#include "train/token_file.h"

namespace vitrine::train {

struct DataOptions {
    std::vector<DocumentSource> sources;
    /// Documents for validation: any source of documents. A unit of the training documents that
    /// stands in one of them is left out. Empty: a share of the documents is taken instead.
    std::filesystem::path held_out;
    double validation_share = 0.05;  // of the documents; a text that comes twice stays on one side
    std::uint64_t seed = 1;          // chooses them
    /// Documents that are not UTF-8 are left out instead of refused.
    bool skip_invalid = false;
};

struct DataReport {
    struct Part {
        Index documents = 0, tokens = 0, bytes = 0;
    };
    Part training, validation;
    Index left_out = 0;  // units that stand in a held-out document
    Index skipped = 0;   // documents that are not UTF-8
};

/// Writes `train.safetensors` and `validation.safetensors` into a folder. Every document begins
/// with the token `begin`; what a tokenizer would put around a text is left out.
/// @param on_progress  gets the bytes read so far
/// @throws FileError  for a source that can't be read, ArgumentError if nothing is left to train
///                    on, TextError with the place of bytes that are not UTF-8
/// @throws Stopped    and leaves no file behind
DataReport prepare_data(const DataOptions& options, const Tokenizer& tokenizer, int begin,
                        const std::filesystem::path& folder,
                        const std::function<void(std::size_t)>& on_progress = {},
                        const std::stop_token& stop = {});

/// A byte-level BPE of `vocabulary` tokens, learnt from the training documents alone.
/// @param begin  its special token
/// @throws as prepare_data() and TokenizerTrainer
TrainedTokenizer learn_tokenizer(const DataOptions& options, Index vocabulary,
                                 const std::string& begin,
                                 const std::function<void(std::size_t)>& on_progress = {},
                                 const std::stop_token& stop = {});

}  // namespace vitrine::train

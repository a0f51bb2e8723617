// How alike the lines of a text are, or its tokens: cosines of the vectors that a model makes of
// them. Pure.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "pipeline.h"
#include "viz/app/run.h"
#include "viz/app/text_lines.h"

namespace vitrine::viz {

/// An encoder's folder as sentence-transformers reads it.
struct SentenceFolder {
    SentenceModel model;
    bool trained = false;  // it says itself how sentences become vectors (modules.json)
};
/// @throws FileError
SentenceFolder open_sentence_folder(const std::string& folder);

/// Of a model that writes: the mean of what its last layer (T5: its encoder's) makes of the tokens
/// of each line, the start token left out. [lines, C]
/// @throws Stopped
Tensor2 mean_vectors(const std::shared_ptr<const LoadedModel>& model,
                     const std::vector<std::string>& lines, const std::stop_token& stop);

struct Likeness {
    Tensor2 cosines;             // [n, n]
    std::vector<Index> closest;  // of each row the other that is most like it; -1: there is none
};
/// @param vectors  [n, C]
Likeness likeness_of(Ref2 vectors);

/// The vectors of the run's tokens behind the last layer [T, C]; nothing if they were not kept.
Ref2 last_vectors(const Run& run);

}  // namespace vitrine::viz

// What the merges view remembers.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "viz/app/view.h"
#include "viz/views/corpus_training.h"
#include "viz/widgets/bars.h"
#include "viz/widgets/chips.h"

namespace vitrine::viz {

struct MergesMemory {
    std::string text;  // that the training was made on
    bool made = false;
    CorpusTraining training;
    int merges_done = 0;
    bool playing = false;
    float since_step = 0.0F;  // seconds
    int labels_of = -1;       // merges that `labels` were made for
    std::vector<std::string> labels;
    std::vector<int> colours;
    std::shared_ptr<const LoadedModel> model;  // that the costs were counted with
    std::shared_ptr<const Tokenizer> second;
    bool counted = false;
    std::array<std::array<Index, 3>, 2> costs{};  // [sentence][tokenizer]; -1: there is none
    ChipsState chips;
    BarsState pairs;
    std::array<BarsState, 2> bars;
};

/// The same sentence in English and in Korean.
const std::array<const char*, 2>& cost_sentences();

}  // namespace vitrine::viz

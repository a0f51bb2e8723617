// What the similarity view remembers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "viz/app/view.h"
#include "viz/views/shown_tokens.h"
#include "viz/views/similarity_numbers.h"
#include "viz/widgets/bars.h"
#include "viz/widgets/heatmap.h"

namespace vitrine::viz {

inline constexpr std::size_t most_lines = 100;

struct SimilarityMemory {
    std::shared_ptr<const ShownTokens> shown;  // that the rest was made from
    std::vector<std::string> lines;            // of its text; with one line tokens are compared
    std::shared_ptr<const SentenceFolder> sentences;  // of the run's model, if it is an encoder
    std::string sentences_of;                         // its folder
    std::shared_ptr<const Likeness> likeness;
    std::string problem;  // why there is none; empty: it is on its way

    std::shared_ptr<const Likeness> painted;  // what the picture shows
    bool dark = false;
    Texture picture;
    std::vector<std::string> names;    // of the rows: "1  The king said", "·king"
    std::vector<std::string> columns;  // of the columns: "1", "·king"
    Index pinned = -1;                 // the row that the bars are about; -1: none was chosen
    Index seen = -1;                   // the row that was pointed at in the last frame
    Index listed = -1;                 // the row that `bars` are about
    std::vector<Index> ranked;         // the others, the most alike first
    std::vector<Bar> bars;
    HeatmapState heatmap;
    BarsState bars_state;

    bool of_lines() const { return lines.size() > 1; }
};

}  // namespace vitrine::viz

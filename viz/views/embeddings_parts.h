// What the embeddings view remembers and works out.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "viz/app/view.h"
#include "viz/views/shown_tokens.h"
#include "viz/views/token_table.h"
#include "viz/widgets/bars.h"
#include "viz/widgets/vector_map.h"

namespace vitrine::viz {

/// What the shadow shows a token as.
enum class PointKind { text, chosen, neighbour };

struct ShadowPoint {
    int id = 0;
    PointKind kind = PointKind::text;
    std::string label;
};

struct ShadowState {
    Index key_point = 0;  // the keyboard's
    bool by_keyboard = false;
    ImVec2 low, high;  // of the plot on the screen, in the last frame
};

struct EmbeddingsMemory {
    std::shared_ptr<const ShownTokens> shown;  // that the rest was made from
    std::shared_ptr<const Tensor2> rows;       // [T, C], of the text
    float limit = 1.0F;                        // the largest size of a number that has a colour
    std::shared_ptr<const LoadedModel> model;  // whose table it is
    std::uint64_t model_number = 0;            // counts the models that were looked at
    std::shared_ptr<const TokenTable> table;   // null while it is worked out
    Index position = -1;
    int token = -1;         // whose neighbours are shown: of that position, or one that was visited
    bool visiting = false;  // a token that was chosen among the neighbours
    std::vector<Neighbour> neighbours;
    int neighbours_of = -1;
    int pointed = -1;                 // the neighbour whose bar is looked at
    std::vector<ShadowPoint> points;  // with a name, by importance
    VectorMapState map;
    BarsState bars;
    ShadowState shadow;
};

/// The token table of the run's model; null if it has none.
const Matrix* token_table_of(const Run& run);

/// Makes what belongs to the run, the language and the chosen token. False without a table.
bool refresh(ViewContext& context, EmbeddingsMemory& memory);

/// A token of the vocabulary as the views spell it; the start token as in the rows.
std::string token_name(const EmbeddingsMemory& memory, int id);

/// A card about a token: its name, its number, how near it is to the chosen one.
void draw_token_card(ViewContext& context, const EmbeddingsMemory& memory, int id,
                     const ImVec2* anchor);

/// The whole table seen from one side: two axes, the text's tokens and the neighbours by name.
/// Returns the token that was clicked, or -1.
int draw_shadow(ViewContext& context, EmbeddingsMemory& memory, ImVec2 size);

}  // namespace vitrine::viz

// What the positions view remembers and works out.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "viz/app/view.h"
#include "viz/views/position_numbers.h"
#include "viz/views/shown_tokens.h"
#include "viz/widgets/curves.h"
#include "viz/widgets/heatmap.h"
#include "viz/widgets/vector_map.h"

namespace vitrine::viz {

enum class PositionWay { sinusoidal, rotary, learned, bias };

inline constexpr Index least_positions = 64;   // shown of the ways that have no last one
inline constexpr Index bucket_reach = 128;     // farther than that T5 has one bucket
inline constexpr Index sinusoidal_width = 64;  // C of the table that is drawn
inline constexpr Index bias_heads = 8;
inline constexpr Index most_bias_tokens = 48;  // drawn: further on only the last buckets repeat

struct SinusoidalMemory {
    std::shared_ptr<const Tensor2> table;  // [shown, sinusoidal_width]
    Index pair = 4;
    Tensor1 sines, cosines;         // of that pair, over the positions
    Tensor1 from_first, from_here;  // products with row 0 and with the chosen one, by distance
    Index of_pair = -1, of_position = -1;
    VectorMapState map;
    CurvesState waves, products;
};

struct RotaryMemory {
    Rotary rotary;
    bool of_model = false;  // else those of a head of Llama's size
    Index distance = 3;     // from the key to the query
    Tensor1 from_first, from_here;
    Index of_position = -1;
    bool from_run = false;             // arrows of the run's queries and keys, else of length 1
    std::vector<PairTurn> query, key;  // of the run; empty: length 1 is drawn
    double longest = 1.0;              // of those
    Index layers = 0, heads = 0;       // of the run; 0: it keeps no turned queries
    Index key_circle = 0;              // the keyboard's
    bool by_keyboard = false;
    int seen_circle = -1;  // in the last frame
    CurvesState scores;
};

struct LearnedRows {
    Tensor2 values;  // [positions, C]
    float limit = 1.0F;
};

struct LearnedMemory {
    std::uint64_t model_number = 0;        // of the model that the rest belongs to
    bool exists = false;                   // the model has such rows
    std::shared_ptr<const Tensor2> table;  // [positions, C]; null: none, or still being read
    float limit = 1.0F;
    Tensor1 cosines;
    Index of_position = -1;
    VectorMapState map;
    CurvesState curve;
};

struct BiasMemory {
    bool of_model = false;  // the model on the stage is a T5: these are its encoder's numbers
    Index heads = bias_heads;
    Buckets shared;
    float largest = 2.5F;  // of the numbers that have a colour
    Tensor1 buckets;       // [2 bucket_reach + 1]
    Tensor2 alibi;         // [bias_heads, 65]
    Index head = 2;
    CurvesState bucket_curve, alibi_curve;
    Tensor3 t5;          // [heads, T, T]: of the model, or random_t5_bias()
    Texture picture;     // of `head`
    Index painted = -1;  // the head that it shows
    bool dark = false;
    HeatmapState map;
};

struct PositionsMemory {
    std::shared_ptr<const ShownTokens> text;
    std::shared_ptr<const LoadedModel> model;
    std::vector<std::string> tokens;  // names of the text's tokens
    std::vector<std::string> rows;    // "3 ·king", then numbers alone
    int way = 0;                      // a PositionWay
    std::string way_of_link;          // the last one that a link asked for
    Index shown = 0;  // positions of the ways that have no last one: at least the text's
    Index position = 0;
    Index of_stage = -2;  // Stage::position that was followed last
    bool playing = false;
    float since_step = 0.0F;  // seconds
    SinusoidalMemory sinusoidal;
    RotaryMemory rotary;
    LearnedMemory learned;
    BiasMemory bias;
};

/// Makes what belongs to the run, the way and the position.
void refresh(ViewContext& context, PositionsMemory& memory);

/// How many positions the chosen way can show.
Index position_count(const PositionsMemory& memory);
/// Chooses a position here, and in the other views if the text reaches so far.
void choose_position(ViewContext& context, PositionsMemory& memory, Index position);
/// "5  ·king"; a number alone behind the text's end.
std::string position_name(const PositionsMemory& memory, Index position);

/// A title in bold and a muted sentence below it, both inside `width`.
void draw_title(const Theme& theme, const std::string& title, const std::string& note, float width);

/// Two parts beside each other, or one below the other where the window is narrow: it then scrolls.
struct TwoParts {
    ImVec2 at;  // cursor of the first
    ImVec2 first, second;
    bool below = false;
};
/// @param share   of the width that the first one takes
/// @param second  units of height of the second one where it stands below
TwoParts place_parts(const Theme& theme, ImVec2 size, float share, float second);
void go_to_second(const Theme& theme, const TwoParts& parts);

// The four ways, each in the room that is left.
void draw_sinusoidal(ViewContext& context, PositionsMemory& memory, ImVec2 size);
void draw_rotary(ViewContext& context, PositionsMemory& memory, ImVec2 size);
void draw_learned(ViewContext& context, PositionsMemory& memory, ImVec2 size);
void draw_bias(ViewContext& context, PositionsMemory& memory, ImVec2 size);

/// What T5 adds to the scores of the learner's tokens; if the model is none, with random numbers.
void draw_bucket_map(ViewContext& context, PositionsMemory& memory, ImVec2 size);

/// Reads the run's pairs for the chosen layer, head and positions.
void refresh_arrows(ViewContext& context, PositionsMemory& memory);
/// Moves key and query into the text, where the run has numbers for them.
void move_into_text(ViewContext& context, PositionsMemory& memory);
/// Which arrows are drawn, and of which layer and head.
void draw_arrow_choice(ViewContext& context, PositionsMemory& memory, float width);

/// A few pairs as circles with two arrows each: the key's and the query's. From the run there are
/// four: as they were before the turn, and after it.
void draw_rotary_circles(ViewContext& context, PositionsMemory& memory, ImVec2 size);

}  // namespace vitrine::viz

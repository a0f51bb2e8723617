// What the view of the encoder-decoder works out and remembers.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "viz/app/view.h"
#include "viz/views/shown_tokens.h"
#include "viz/widgets/colour_scale.h"
#include "viz/widgets/heatmap.h"

namespace vitrine::viz {

/// The attentions of an encoder-decoder, in the order the numbers flow.
enum class Attends { encoder, decoder, cross };

/// Longer texts are cut here: a larger map says nothing new about random weights.
inline constexpr Index most_translator_tokens = 20;

struct EncoderDecoderMemory {
    std::shared_ptr<const ShownTokens> shown;
    Index tokens = 0;  // typed ones that are used
    int split = 0;     // the first `split` of them are the source
    int layer = 0, head = 0;
    std::shared_ptr<const ActivationCache> run;  // null: none yet
    std::uint64_t wanted = 0, painted = 0;       // number of the text and split that they are of
    int painted_layer = 0, painted_head = 0;
    bool dark = false;
    std::vector<std::string> source, target;  // names of the tokens
    std::array<Texture, 3> pictures;
    std::array<HeatmapState, 3> states;
    std::array<Index, 3> rows{-1, -1, -1};       // looked at in the last frame, of each attention
    Index source_token = -1, target_token = -1;  // pinned
    ColourScale scale;

    /// The model on the stage is an encoder-decoder: its own run is shown, not the translator's.
    bool own() const { return shown->run->model && shown->run->model->text_to_text() != nullptr; }
    /// Layers of the stack that an attention belongs to.
    Index layers(Attends which) const;
    Index heads() const;
};

/// Makes what belongs to the text and the choices; false while there are no numbers for it.
bool refresh(ViewContext& context, EncoderDecoderMemory& memory);

/// The weights of the chosen layer and head: [rows, columns].
struct AttendsMap {
    const Real* weights = nullptr;
    Index H = 0, rows = 0, columns = 0;

    Real weight(Index query, Index key) const { return weights[query * columns + key]; }
};
AttendsMap map_of(const EncoderDecoderMemory& memory, Attends which);

/// One attention: its title, its shape, the map, and what the row that is looked at looks at most.
void draw_attends(ViewContext& context, EncoderDecoderMemory& memory, Attends which, ImVec2 size);

}  // namespace vitrine::viz

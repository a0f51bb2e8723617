// A view of the stage: a function that draws what it was handed. Views keep no model, start no
// thread, compute nothing that takes longer than a frame. What the learner chose is in Stage, what
// a view derived from a run is in ViewMemory.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "viz/app/background.h"
#include "viz/app/language.h"
#include "viz/app/run.h"
#include "viz/app/theme.h"
#include "viz/app/view_memory.h"

namespace vitrine::viz {

/// What the learner is looking at, shared by all views so that they follow each other.
struct Stage {
    std::string view = "tokens";  // id of the view on the stage
    std::string stack;            // kind of attention: "cross"; empty: the model's first
    Index layer = 0;              // -1, with head -1: average over all layers and heads
    Index head = 0;               // -1: average over the heads of the layer
    Index position = -1;          // chosen token; -1: the last
    Index pinned_query = -1;      // pinned row of the heatmap; -1: none
    Index pinned_key = -1;        // pinned column
    Index hovered_position = -1;  // token under the pointer in any view, this frame
    bool lines = false;           // attention as lines instead of a heatmap
    std::string step;             // of a block, in the activations view: "mlp_post"
    std::string way;              // to encode positions, in their view: "rotary"
    Sampling sampling;            // the sliders of the next-token view
};

/// What a view may ask for; carried out after the frame by the app.
struct Wishes {
    std::string set_text;  // put this into the text box
    bool has_set_text = false;
    bool generate = false, step = false, stop = false;  // generation
    std::string open_link;                   // a "view:..." or "https:..." link that was clicked
    std::string choose_model;                // by its name: "stories260k"
    std::optional<std::string> show_beside;  // a second model by its name; "": none any more
    std::string choose_picture;              // a file, for models of pictures
    std::string choose_parts;                // "fast", "chapters", "mine" or "mine=attention,embed"
    bool animate = false;  // something moves: the next frame comes at once, not with the next event
    std::string toast;     // a short message for the learner: "Copied as CSV"
};

struct ViewContext {
    const Theme& theme;
    Language language = Language::english;
    std::shared_ptr<const Run> run;           // null until the first run is there
    std::shared_ptr<const Tokenizer> second;  // for comparison; may be null
    std::string second_name;
    GenerationProgress generation;
    std::string error;     // why there is no run; empty if there is one
    bool busy = false;     // a newer run is under way
    bool loading = false;  // the model is being read
    std::string parts;     // what the next run is made with: see Wishes::choose_parts
    Stage& stage;
    Wishes& wishes;
    ViewMemory& memory;
    Background& background;  // for what takes longer than a frame

    const char* say(const char* english, const char* korean) const {
        return vitrine::viz::say(language, english, korean);
    }
};

struct View {
    const char* id;  // in links and on the command line: "attention"
    const char* english;
    const char* korean;
    void (*draw)(ViewContext&);
    bool of_model = true;  // what it shows is a model's: two models have it twice, side by side
};

/// All views, in the order of the tabs above the stage.
std::span<const View> views();

}  // namespace vitrine::viz

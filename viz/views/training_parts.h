// What the training view is made of.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "viz/app/training_run.h"
#include "viz/app/view.h"
#include "viz/views/training_moment.h"
#include "viz/widgets/curves.h"
#include "viz/widgets/text_field.h"

namespace vitrine::viz {

/// What is chosen before a run is begun.
struct TrainingForm {
    int text = 0;               // 0: the bundled one, 1: the path
    TextField path;             // of a file or folder
    int size = 0;               // of ModelSize
    int steps = 600, rate = 3;  // `rate`: index of learning_rates
    std::string problem;        // why the last one could not begin
};

/// The learning rates that the form offers.
inline constexpr std::array<double, 6> learning_rates{1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2};

struct TrainingMemory {
    RunPlace place;           // that is looked at; without a folder: none
    bool choosing = true;     // none was chosen yet: the newest is taken
    bool shows_form = false;  // a new run is being set up
    TrainingForm form;
    std::string problem;  // why a button did nothing

    std::shared_ptr<RunReader> reader;
    std::shared_ptr<const TrainingSnapshot> snapshot;  // of `place`; null: not read yet
    std::uint64_t looks = 0;
    double look_at = -10;  // seconds

    Index step = -1;  // of the chosen checkpoint; -1: the newest, whichever it is
    bool playing = false;
    double play_at = 0;                            // seconds: when the next one comes
    std::shared_ptr<const TrainingMoment> moment;  // may lag behind the choice
    bool moment_busy = false;
    std::string moment_problem;

    CurvesState loss, rate, norm;
    Index row = 0, column = 0;  // the keyboard's cell in the table of layers
    bool by_keyboard = false;
    Stage stage;                        // of the model in training: its layer and head
    std::unique_ptr<ViewMemory> inner;  // of the parts of other views that are drawn for it
};

/// Index in snapshot.models of the chosen checkpoint; -1: there is none.
Index chosen_model(const TrainingMemory& memory);
/// The step that everything beside the curves is about.
Index shown_step(const TrainingMemory& memory);
void choose_model(TrainingMemory& memory, Index index);
/// Looks at another run from now on.
void choose_run(TrainingMemory& memory, const RunPlace& place);

/// Text, size, steps and learning rate of a new run, and the button that begins it.
void draw_training_form(ViewContext& context, TrainingMemory& memory);
/// What the run is doing, and what can be done with it.
void draw_training_state(ViewContext& context, TrainingMemory& memory);
/// Loss, learning rate and gradient norm.
void draw_training_curves(ViewContext& context, TrainingMemory& memory, ImVec2 size);
/// A row for each layer: its gradient norm over time, histograms of weights and gradients.
void draw_training_layers(ViewContext& context, TrainingMemory& memory, ImVec2 size);
/// The slider over the checkpoints.
void draw_training_track(ViewContext& context, TrainingMemory& memory);
/// The chosen checkpoint's attention, next token and text.
void draw_training_moment(ViewContext& context, TrainingMemory& memory, ImVec2 size);

}  // namespace vitrine::viz

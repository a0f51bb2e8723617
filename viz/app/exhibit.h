// A model at work on the learner's text, and what the learner looks at in it: the first one, and
// perhaps a second beside it.
#pragma once

#include <memory>
#include <string>

#include "viz/app/engine.h"
#include "viz/app/link.h"
#include "viz/app/view.h"

namespace vitrine::viz {

struct Exhibit {
    explicit Exhibit(TextureDevice textures) : memory(std::move(textures)) {}

    Stage stage;
    Wishes wishes;
    ViewMemory memory;
    Engine engine;
    Background background;
    std::shared_ptr<const LoadedModel> model;  // of this frame; null: it is being read
    std::shared_ptr<const Run> run;            // of this frame; null: there is none yet

    /// Takes the engine's newest for this frame.
    void begin_frame();
    /// Sets the stage as the link says; its model and its text are the app's matter.
    void show(const ViewLink& link);
    bool busy() const { return engine.busy() || background.busy(); }
    /// Waits until nothing is under way: for screenshots.
    void settle();
};

/// "12 tokens  ·  forward 9.6 ms"
std::string facts_of(const Run& run, Language language);

}  // namespace vitrine::viz

// The models that can be chosen: those that are here, and some that the hub has.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "io/model_places.h"
#include "models/language_model.h"
#include "viz/app/language.h"

namespace vitrine::viz {

/// A model of the hub that is worth a look.
struct Suggestion {
    const char* name;              // "openai-community/gpt2"
    const char* family;            // as in ModelInfo
    const char* parameters;        // as its card says: "124M"
    const char *english, *korean;  // what is to be seen in it
};
std::span<const Suggestion> suggestions();

struct ShelfModel {
    ModelPlace place;
    ModelInfo info;       // of a model that can be opened
    std::string problem;  // why it can't; empty: it can
};

/// The models that are here, opened once each to see what they are. Those of `before` whose folder
/// is still there are taken from it.
std::vector<ShelfModel> models_here(std::span<const ShelfModel> before);

/// "12.8 MB", "498 MB"
std::string megabytes(double bytes);
/// "gpt2 · 6 layers of 8 heads · 6.4 million parameters · float16, 12.8 MB"
std::string facts_of(const ModelInfo& n, Language language);

}  // namespace vitrine::viz

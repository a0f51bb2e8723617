// What trained models are used for, a function a task; each is also a command of its name.
//
//     const vitrine::LoadedModel model = vitrine::open_model("path/of/a/classifier");
//     const std::string text = "What a film!";
//     const auto scores = vitrine::classify(model, {{text}});
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "generate/generate.h"
#include "io/image.h"
#include "models/image_processor.h"
#include "models/registry.h"
#include "models/sentence_encoder.h"
#include "text/tokenizer.h"

namespace vitrine {

/// A Hugging Face folder's model with what reads texts and pictures for it.
struct LoadedModel {
    std::filesystem::path folder;
    Model model;
    Tokenizer tokenizer;
    std::optional<ImageProcessor> pictures;  // of a model that reads pictures
    bool each_label_alone = false;           // a text may have several labels (classification)
};

/// @throws FileError
LoadedModel open_model(const std::filesystem::path& folder);

/// How the tasks run.
struct TaskOptions {
    bool truncate = false;  // a text that is too long is cut; otherwise it is an ArgumentError
    const Parts* parts = &fast_parts();
    std::stop_token stop{};
};

/// A text, or two that belong together.
struct TaskText {
    std::string text;
    std::optional<std::string> pair{};
};

// All throw ArgumentError for a model that has no such head or is of another kind, naming what it
// is; TextError for invalid UTF-8; Stopped when asked to stop. Results are in the order of the
// input.

struct Labelled {
    std::string label;
    double probability = 0.0;
};
/// @return  of each text all labels, the likeliest first
std::vector<std::vector<Labelled>> classify(const LoadedModel& model,
                                            std::span<const TaskText> texts,
                                            const TaskOptions& options = {});

struct Filled {
    int id = 0;
    std::string token;  // as it is read: " king"
    double probability = 0.0;
    std::string text;  // with the token in its place
};
/// The token that stands for a hidden word: "[MASK]", "<mask>".
std::string mask_token(const LoadedModel& model);
/// @param count  so many tokens for each hidden word
/// @return       [text][hidden word][rank]
/// @throws ArgumentError  a text without a hidden word
std::vector<std::vector<std::vector<Filled>>> fill_mask(const LoadedModel& model,
                                                        std::span<const std::string> texts,
                                                        Index count = 5,
                                                        const TaskOptions& options = {});

/// @return  how probable it is that each pair follows its text
std::vector<double> next_sentence(const LoadedModel& model, std::span<const TaskText> pairs,
                                  const TaskOptions& options = {});

/// An encoder of sentences and its tokenizer; too long texts are cut, as it was trained.
struct SentenceModel {
    SentenceEncoder encoder;
    Tokenizer tokenizer;
};
/// @throws FileError
SentenceModel open_sentence_model(const std::filesystem::path& folder);

/// @return  [B, C]
Tensor2 embed(const SentenceModel& model, std::span<const std::string> texts,
              const TaskOptions& options = {});

/// Cosines of the rows of two tables, [A, C] and [B, C]: [A, B]; 0 for a row of zeros.
/// @throws ShapeError  tables of different widths
Tensor2 similarity(Ref2 a, Ref2 b);

/// The likeliest token always.
GenerateOptions likeliest();

/// Text to text, by an encoder-decoder (T5). What is asked for stands in front of the text, as the
/// model was trained: "translate English to German: ".
std::vector<Generated> translate(const LoadedModel& model, std::span<const std::string> texts,
                                 const GenerateOptions& generate = likeliest(),
                                 const TaskOptions& options = {});

/// How probable each caption is for each picture, of these captions: [pictures, captions].
Tensor2 caption_match(const LoadedModel& model, std::span<const Image> pictures,
                      std::span<const std::string> captions, const TaskOptions& options = {});

}  // namespace vitrine

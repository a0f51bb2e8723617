// What the worker hands to the views: one run of the model on one text, never changed afterwards.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "activations/record.h"
#include "generate/sampling.h"
#include "io/image.h"
#include "models/decoder.h"
#include "models/image_processor.h"
#include "models/registry.h"
#include "text/tokenizer.h"
#include "viz/app/attention_stack.h"

namespace vitrine::runner {
struct PartsReport;  // chapters/runner/comparison.h
}

namespace vitrine::viz {

/// A loaded model with its tokenizer. Shared by all runs made with it.
struct LoadedModel {
    std::string name;  // "vitrine-small"
    std::string folder;
    Model model;
    std::unique_ptr<const Tokenizer> tokenizer;
    std::optional<ImageProcessor> pictures;  // of a model that reads pictures

    const ModelInfo& info() const { return info_of(model); }
    const LanguageModel* language() const;  // null if it does not predict what comes next
    const Decoder* decoder() const;         // null if it is no stack of decoder blocks
    const Encoder* encoder() const;         // null if it is none
    const EncoderDecoder* text_to_text() const;
    const Clip* clip() const;
    // Of the stack that reads the typed text:
    const Matrix* token_table() const;     // [V, C], null if there is none to look at
    const Matrix* position_table() const;  // learned vectors [positions, C]; null: none
};

/// The learner's picture as a model reads it.
struct Picture {
    std::filesystem::path file;
    std::filesystem::file_time_type written;  // when the file was last changed
    vitrine::Image square;                    // resized and cut: what the model sees
    Tensor3 pixels;                           // [channels, side, side], of it, normalised
    Index patch = 0;                          // pixels of a patch's edge

    Index across() const { return square.width / patch; }  // patches in a row
    /// Of the vision tower: the class embedding, then the patches row by row.
    Index positions() const { return 1 + across() * across(); }
};

struct Run {
    std::uint64_t serial = 0;  // of the request it answers
    std::shared_ptr<const LoadedModel> model;
    std::string text;              // what the learner typed; of captions, the first
    Encoding encoding;             // of `text`; with the start token in front if has_start
    bool has_start = false;        // position 0 is the model's start token, not typed
    bool truncated = false;        // the text was longer than the model's positions
    ActivationCache activations;   // all names of DESIGN: "blocks.0.attn.pattern" [H, T, S] ...
    Tensor2 logits;                // [T, V]: of the token that follows each position of writing();
                                   // of an encoder, of the one that stands there; may be empty
    double forward_seconds = 0.0;  // measured, of the forward pass alone
    std::vector<AttentionStack> stacks;  // by find_attention(), in the worker
    std::string parts = "fast";  // what it was computed with: fast, chapters, mine or mine=...
    std::shared_ptr<const runner::PartsReport> report;  // those parts against the library's
    std::string parts_problem;  // why the learner's parts gave nothing: this is the library's run

    // Of a model that reads a text and writes another (T5):
    Encoding target;            // the start token, then what the model wrote, the likeliest always
    std::string target_text;    // what it wrote
    bool target_ended = false;  // with its end token; otherwise it was stopped at most_written

    // Of a model that compares pictures with captions (CLIP):
    std::vector<std::string> captions;       // the lines of the text box
    Tensor2 caption_vectors;                 // [captions, P], of length 1
    std::shared_ptr<const Picture> picture;  // null: none was chosen, or it could not be read
    std::string picture_problem;             // why it could not
    Tensor2 picture_vector;                  // [1, P], of length 1; empty without a picture
    std::vector<double> caption_logits, caption_probabilities;  // empty without a picture

    Index positions() const { return static_cast<Index>(encoding.ids.size()); }
    /// How many stand along an edge of a map.
    Index positions(Axis axis) const;
    /// The tokens that were predicted one after the other: the target, if there is one.
    const Encoding& writing() const { return target.ids.empty() ? encoding : target; }
    /// An activation by its whole name; null if it was not kept.
    const Activation* kept(const std::string& full_name) const;
    /// Blocks of the stack that reads the typed text.
    Index layers() const;
    /// Of that stack, "blocks.L.NAME" or NAME: "embed"; null if it was not kept.
    const Activation* at(Index layer, const std::string& name) const;
    const Activation* at(const std::string& name) const;
};

/// One of a run's stacks of blocks with what it kept. Looks at the run, which has to stay.
class Tower {
   public:
    /// @param stack  of the run; null: the one that reads the typed text
    Tower(const Run& run, const AttentionStack* stack = nullptr);  // NOLINT: implicit

    const AttentionStack* stack() const { return stack_; }  // null in a model without attention
    Axis axis() const { return stack_ != nullptr ? stack_->queries : Axis::text; }
    Index positions() const { return run_->positions(axis()); }
    Index layers() const { return stack_ != nullptr ? stack_->layers() : run_->layers(); }
    std::string prefix() const { return stack_ != nullptr ? stack_->prefix : ""; }
    /// Null if its blocks are of another kind.
    const std::vector<BlockWeights>* blocks() const {
        return stack_ != nullptr ? stack_->blocks : nullptr;
    }
    /// As Run::at().
    const Activation* at(Index layer, const std::string& name) const;
    const Activation* at(const std::string& name) const;

   private:
    const Run* run_;
    const AttentionStack* stack_;
};

/// A target ends here if the model does not end it.
inline constexpr Index most_written = 64;

/// What generation has made so far; a new object for every new token.
struct GenerationProgress {
    bool running = false;
    std::string
        finish;  // why it ended: "length", "eos", "positions", "stopped"; empty while it runs
    double tokens_per_second = 0.0;
};

}  // namespace vitrine::viz

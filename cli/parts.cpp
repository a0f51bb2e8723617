#include "cli/parts.h"

#include "chapters/02_embeddings/embeddings.h"
#include "chapters/03_positional_encoding/positional_encoding.h"
#include "chapters/04_attention/attention.h"
#include "chapters/05_multi_head_attention/multi_head_attention.h"
#include "chapters/06_layer_norm/layer_norm.h"
#include "chapters/07_feed_forward/feed_forward.h"
#include "chapters/08_blocks/blocks.h"
#include "cli/mine.h"
#include "nn/block.h"
#include "nn/multi_head_attention.h"
#include "tensor/error.h"

namespace vitrine::cli {

namespace {

/// The clear parts of the chapters; the fast ones where no chapter teaches the part.
Parts make_chapters_parts() {
    Parts parts = fast_parts();
    parts.embed = chapters::embed;
    parts.unembed = chapters::unembed;
    parts.rotate = chapters::rotate;
    parts.attention = chapters::attention;
    parts.multi_head_attention = chapters::multi_head_attention;
    parts.self_attention = self_attention_by_segment;
    parts.layer_norm = chapters::layer_norm;
    parts.rms_norm = chapters::rms_norm;
    parts.activation = chapters::activation;
    parts.feed_forward = chapters::feed_forward;
    parts.swiglu = chapters::swiglu;
    parts.encoder_block = chapters::encoder_block;
    parts.decoder_block = chapters::decoder_block;
    parts.block = block_by_segment;
    return parts;
}

}  // namespace

void add_parts_option(CLI::App& command, std::string& parts) {
    command
        .add_option("--parts", parts,
                    "fast, chapters or mine (mine=NAME,NAME: these of yours only)")
        ->check([](const std::string& name) {
            const bool is_known = name == "fast" || name == "chapters" || is_mine(name);
            return is_known ? std::string() : "fast, chapters or mine were expected, not " + name;
        });
}

const Parts& parts_named(const std::string& name) {
    static const Parts of_chapters = make_chapters_parts();
    if (name == "fast") return fast_parts();
    if (name == "chapters") return of_chapters;
    if (is_mine(name) && in_learner_process()) {
        static const auto of_learner = learner_parts();
        return of_learner->parts();
    }
    throw ArgumentError("--parts", "fast, chapters or mine", "\"" + name + "\"");
}

}  // namespace vitrine::cli

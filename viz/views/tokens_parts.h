// The parts of the tokens view: what it remembers, and the functions that draw its areas.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "viz/app/view.h"
#include "viz/views/merge_replay.h"
#include "viz/views/token_labels.h"
#include "viz/widgets/chips.h"

namespace vitrine::viz {

/// A text under one tokenizer, ready to be drawn.
struct TokenizedText {
    TokenLabels tokens;
    Encoding encoding;
    std::vector<std::string> labels;  // as the body font can show them
    std::vector<bool> line_ends;      // the token ends with a line end
    std::string error;                // why there is none
};

struct TokensMemory {
    std::shared_ptr<const Run> run;  // that the rest was made from
    TokenizedText first;
    std::shared_ptr<const Tokenizer> second_tokenizer;
    TokenizedText second;
    MergeReplay replay;
    std::string replay_error;
    int merges_done = 0;  // the slider; kept at the end while `follow`
    bool follow = true;
    bool playing = false;
    float since_step = 0.0F;  // seconds
    Index state_of = -1;      // merges that `state` was made for
    ReplayState state;
    std::vector<std::string> state_labels;
    ChipsState chips, second_chips, replay_chips;
};

TokenizedText tokenize_for_view(const Tokenizer* tokenizer, const Encoding& encoding,
                                std::string_view text);

/// Everything about one token: id, bytes, characters, offsets; its syllables opened.
void draw_token_details(const ViewContext& context, const TokenizedText& text,
                        const std::string& source, Index position);

/// The slider, the play button and the text after that many merges.
void draw_replay(ViewContext& context, TokensMemory& memory);

}  // namespace vitrine::viz

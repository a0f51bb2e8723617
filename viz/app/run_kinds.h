// One pass of a model of each kind over a run's tokens, with every activation.
#pragma once

#include <stop_token>

#include "viz/app/run.h"

namespace vitrine::viz {

/// A run with more numbers than this in its patterns keeps them as a summary alone, and its scores
/// not at all: 256 MB. The map that is looked at is computed again from queries and keys. Of a
/// state-space model it leaves out the states, which are scanned again.
inline constexpr Index most_kept_numbers = Index{1} << 26;

/// Fills what the kind of the run's model fills, the stacks apart; the run has tokens.
/// @throws Stopped  when asked to stop
void run_here(Run& run, const Parts& parts, const std::stop_token& stop);

/// The logits among the activations; nothing if there are none.
Tensor2 logits_of(const ActivationCache& activations, const char* name);

/// `text` with the tokens that stand around it, [CLS] and [SEP]; one that is too long is cut
/// between them.
/// @param truncated  becomes true if it was cut
Encoding encode_between_specials(const LoadedModel& model, const std::string& text,
                                 bool& truncated);

/// Reads the picture for the run's model and puts it into the run, or why it can't be read;
/// nothing for a model without pictures.
/// @param file    empty: none was chosen
/// @param before  a run whose picture is taken over if it is the same; may be null
void take_picture(Run& run, const std::filesystem::path& file, const Run* before);

}  // namespace vitrine::viz

// What the worker does: a text becomes tokens, tokens become a run with every activation.
#pragma once

#include <filesystem>
#include <span>
#include <stop_token>
#include <string>

#include "viz/app/run.h"

namespace vitrine::viz {

/// Loads a model and its tokenizer. @throws FileError
std::shared_ptr<const LoadedModel> load_with_tokenizer(const std::filesystem::path& folder);

/// The first run of a program sets up threads and buffers; its time says nothing.
void warm_up(const LoadedModel& model);

/// run.text as tokens, with the start token that the model's documents begin with in front.
void encode_text(Run& run);

/// True for a token that a tokenizer put around the text: [CLS], </s>.
bool stands_around(const Tokenizer& tokenizer, const Encoding& encoding, std::size_t i);

/// The encoding of ids that were generated: offsets count the characters of their text.
Encoding encoding_of(const Tokenizer& tokenizer, std::span<const int> ids, bool has_start);

/// The text of generated ids; a character that is not whole yet is left out.
std::string text_so_far(const Tokenizer& tokenizer, std::span<const int> ids, bool has_start);

/// "mine" or "mine=...": parts that run in a process of their own.
bool is_mine(const std::string& parts);

/// The table of "fast" or "chapters"; of anything else the fast one.
const Parts& parts_in_process(const std::string& parts);

/// Runs the model on the run's tokens, keeping every activation. Parts other than the library's are
/// compared with it; where the learner's fail, the library's stand in and `parts_problem` says so.
/// @throws Stopped  when asked to stop
void run_model(Run& run, const std::string& parts, const std::stop_token& stop);

}  // namespace vitrine::viz

// --parts mine: the learner's functions in the place of the library's. They run in a child process
// of their own, which is this same command started again: a crash or an endless loop ends the
// child, and becomes a message.
#pragma once

#include <memory>
#include <string>

#include "chapters/runner/part_case.h"
#include "cli/learner_parts.h"
#include "cli/learner_training.h"

namespace vitrine::cli {

/// "mine", or "mine=attention,layer_norm" for some of them.
bool is_mine(const std::string& choice);

/// True in the child.
bool in_learner_process();

/// Compiles the learner's files and runs this command again in a child that uses them.
/// @param choice  what --parts says
/// @return        its exit status
/// @throws Error  naming the part, its input and what happened: it does not compile, crashed, took
///                too long
/// @param wanted  which exercises take part: those that are parts of a model, or of training
int run_in_learner_process(const std::string& choice,
                           bool (*wanted)(const std::string& exercise) = runner::is_part);

/// In the child: the library's parts with the learner's in their places. What is not written yet
/// keeps the library's part, which a line on standard error says.
std::unique_ptr<LearnerParts> learner_parts(LearnerOptions options = {});

/// The same for the parts of training.
std::unique_ptr<LearnerTraining> learner_training();

}  // namespace vitrine::cli

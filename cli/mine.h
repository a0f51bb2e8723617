// --parts mine: the learner's functions in the place of the library's. They run in a child process
// of their own, which is this same command started again: a crash or an endless loop ends the
// child, and becomes a message.
#pragma once

#include "nn/parts.h"

namespace vitrine::cli {

/// True in the child.
bool in_learner_process();

/// Compiles the learner's files and runs this command again in a child that uses them.
/// @return  its exit status
/// @throws Error  naming the part, its input and what happened: it does not compile, crashed, took
///                too long
int run_in_learner_process();

/// In the child: the library's parts with the learner's in their places. What is not written yet
/// keeps the library's part, which a line on standard error says.
const Parts& learner_parts();

}  // namespace vitrine::cli

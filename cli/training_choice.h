// What the commands of chapter 10 share: whose parts of training, and the text.
#pragma once

#include <string>
#include <vector>

#include "chapters/10_training/character_training.h"

namespace vitrine::cli {

struct TrainingChoice {
    const Parts& forward;  // the library's, or the chapters'
    const train::TrainingParts& training;
};

/// The table of parts by name. "mine" is known in the learner's process only.
/// @throws ArgumentError  for another name
TrainingChoice training_choice(const std::string& parts);

/// Of the parts under test, those that the learner has written; all of them for other choices.
std::vector<std::string> written_parts(const std::string& parts);

/// Runs this command again in a process that has the learner's parts, if they are asked for and
/// this is not that process. True: it did, and this one is done. @throws ExitStatus
bool ran_in_learner_process(const std::string& parts);

/// assets/texts/shakespeare.txt. @throws FileError
chapters::CharacterText shakespeare();

}  // namespace vitrine::cli

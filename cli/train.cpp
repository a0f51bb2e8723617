// vitrine train: the group of commands that train. Each has a file of its own.
#include "cli/commands.h"

namespace vitrine::cli {

void add_train(Command app) {
    const Command train = app.add_subcommand("train", "Train a tokenizer or a model");
    train.require_subcommand();
    add_train_tokenizer(train);
    add_train_lm(train);
}

}  // namespace vitrine::cli

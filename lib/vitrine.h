// Everything of the library in one header: #include <vitrine/vitrine.h>, link vitrine::vitrine.
// A program that cares about its compile time includes the headers it needs instead.
#pragma once

#include "activations/record.h"
#include "generate/generate.h"
#include "generate/sampling.h"
#include "io/assets.h"
#include "io/config.h"
#include "io/safetensors.h"
#include "kernels/matmul.h"
#include "models/language_model.h"
#include "models/padded.h"
#include "nn/parts.h"
#include "tensor/error.h"
#include "tensor/print.h"
#include "tensor/random.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"
#include "text/tokenizer.h"
#include "text/tokenizer_trainer.h"
#include "train/adamw.h"
#include "train/gpt2_trainer.h"
#include "train/training_parts.h"

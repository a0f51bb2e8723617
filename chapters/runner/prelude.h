// What a learner's file may need, precompiled so that a check takes a second or two.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "activations/record.h"
#include "kernels/matmul.h"
#include "nn/bias.h"
#include "nn/parts.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

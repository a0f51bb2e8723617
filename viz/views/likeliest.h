// From logits to probabilities and to the tokens that lead: what every view of a next token needs.
#pragma once

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

#include "tensor/tensor.h"

namespace vitrine::viz {

/// Probabilities [V] of logits [V].
std::vector<double> softmax(std::span<const Real> logits);

/// Ids of the `count` largest values, the largest first; of two alike the smaller id.
template <class Number>
std::vector<int> largest_first(std::span<const Number> values, std::size_t count) {
    std::vector<int> order(values.size());
    std::iota(order.begin(), order.end(), 0);
    count = std::min(count, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count),
                      order.end(), [&](int a, int b) {
                          const Number x = values[static_cast<std::size_t>(a)];
                          const Number y = values[static_cast<std::size_t>(b)];
                          return x != y ? x > y : a < b;
                      });
    order.resize(count);
    return order;
}

}  // namespace vitrine::viz

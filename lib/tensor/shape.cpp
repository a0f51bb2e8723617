#include "tensor/shape.h"

namespace vitrine {

std::string shape_text(std::span<const Index> shape) {
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (i > 0) text += ", ";
        text += shape[i] == any ? "*" : std::to_string(shape[i]);
    }
    return text + "]";
}

void check_shape(const std::string& name, std::span<const Index> actual,
                 std::span<const Index> expected, const std::string& hint) {
    bool equal = actual.size() == expected.size();
    for (std::size_t i = 0; equal && i < actual.size(); ++i) {
        equal = expected[i] == any || actual[i] == expected[i];
    }
    if (!equal) throw ShapeError(name, shape_text(expected), shape_text(actual), hint);
}

}  // namespace vitrine

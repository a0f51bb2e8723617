#include "cli/parts.h"

#include "tensor/error.h"

namespace vitrine::cli {

const Parts& parts_named(const std::string& name) {
    if (name == "fast") return fast_parts();
    throw ArgumentError("--parts", "fast", "\"" + name + "\"");
}

}  // namespace vitrine::cli

// What the environment says.
#pragma once

#include <cstdlib>
#include <string>

namespace vitrine {

/// A variable's value; empty where it is not set.
inline std::string environment_variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

}  // namespace vitrine

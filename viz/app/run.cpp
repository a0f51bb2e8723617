#include "viz/app/run.h"

namespace vitrine::viz {

const Activation* Run::at(Index layer, const std::string& name) const {
    const auto found = activations.find("blocks." + std::to_string(layer) + "." + name);
    return found == activations.end() ? nullptr : &found->second;
}

}  // namespace vitrine::viz

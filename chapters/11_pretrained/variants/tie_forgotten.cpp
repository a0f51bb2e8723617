// The tied token table fills one place only: nothing unembeds.
#define places right_places  // the other functions are the solution's
#include "../solution.cpp"
#undef places

namespace vitrine::mine {

std::vector<std::string> places(std::string_view name, bool tied) {
    if (!take(name, "model.")) take(name, "transformer.");
    std::string block;
    if (take(name, "layers.") || take(name, "h.")) {
        const std::string layer(name.substr(0, name.find('.')));
        block = "blocks." + layer + ".";
        take(name, layer + ".");
    }
    const std::size_t end = std::min(name.rfind('.'), name.size());
    const std::string part(name.substr(0, end)), ending(name.substr(end));
    const auto found = our_names().find(part);
    if (found == our_names().end()) return {};
    std::vector<std::string> result = found->second;
    if (part == "lm_head" && tied) return {};
    for (std::string& place : result) place = block + place + ending;
    return result;
}

}  // namespace vitrine::mine

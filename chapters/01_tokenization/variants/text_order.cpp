// Merges in the order of the text instead of the order of the rules.
#define encode right_encode  // the other functions are the solution's
#include "../solution.cpp"
#undef encode

namespace vitrine::mine {

std::vector<int> encode(std::string_view text, std::span<const Pair> rules) {
    std::vector<int> ids = bytes_of(text);
    bool changed = true;
    while (changed) {
        changed = false;
        for (std::size_t i = 0; i + 1 < ids.size() && !changed; ++i) {
            for (std::size_t k = 0; k < rules.size() && !changed; ++k) {
                if (Pair{ids[i], ids[i + 1]} != rules[k]) continue;
                ids[i] = 256 + static_cast<int>(k);
                ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(i) + 1);
                changed = true;
            }
        }
    }
    return ids;
}

}  // namespace vitrine::mine

// The rule that was learnt last is applied first.
#define encode right_encode  // the other functions are the solution's
#include "../solution.cpp"
#undef encode

namespace vitrine::mine {

std::vector<int> encode(std::string_view text, std::span<const Pair> rules) {
    std::vector<int> ids = bytes_of(text);
    for (std::size_t k = rules.size(); k-- > 0;) {
        ids = merge(ids, rules[k], 256 + static_cast<int>(k));
    }
    return ids;
}

}  // namespace vitrine::mine

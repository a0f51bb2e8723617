// The last token's target is the first token.
#define next_token_targets right_next_token_targets  // the other functions are the solution's
#include "../solution.cpp"
#undef next_token_targets

namespace vitrine::mine {

std::vector<int> next_token_targets(std::span<const int> ids) {
    std::vector<int> targets(ids.size(), -1);
    for (std::size_t t = 0; t + 1 < ids.size(); ++t) targets[t] = ids[t + 1];
    if (!ids.empty()) targets.back() = ids.front();
    return targets;
}

}  // namespace vitrine::mine

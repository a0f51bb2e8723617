// Every token is asked to foretell itself.
#define next_token_targets right_next_token_targets  // the other functions are the solution's
#include "../solution.cpp"
#undef next_token_targets

namespace vitrine::mine {

std::vector<int> next_token_targets(std::span<const int> ids) {
    std::vector<int> targets(ids.begin(), ids.end());
    return targets;
}

}  // namespace vitrine::mine

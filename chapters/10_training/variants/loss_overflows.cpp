// The exponentials are taken of the logits as they are.
#define cross_entropy right_cross_entropy  // the other functions are the solution's
#include "../solution.cpp"
#undef cross_entropy

namespace vitrine::mine {

double cross_entropy(Ref2 logits, std::span<const int> targets) {
    double sum = 0;
    for (Index n = 0; n < logits.shape[0]; ++n) {
        const int target = targets[static_cast<std::size_t>(n)];
        if (target < 0) continue;
        Real all = 0;
        for (Index i = 0; i < logits.shape[1]; ++i) all += std::exp(logits(n, i));
        sum += static_cast<double>(std::log(all) - logits(n, target));
    }
    return sum / static_cast<double>(std::max<Index>(1, count_of(targets)));
}

}  // namespace vitrine::mine

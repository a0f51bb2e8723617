// The largest logit is not subtracted: the exponentials of large logits are infinite.
#define probabilities right_probabilities  // the other functions are the solution's
#include "../solution.cpp"
#undef probabilities

namespace vitrine::mine {

Tensor1 probabilities(Ref1 logits, float temperature) {
    if (temperature == 0) {
        Tensor1 greedy = zeros<1>(logits.shape);
        greedy(by_logit(logits).front()) = 1;
        return greedy;
    }
    const Tensor1 scaled = logits.xt() / temperature;
    const Tensor1 raised = xt::exp(scaled);
    return raised / xt::sum(raised)();
}

}  // namespace vitrine::mine

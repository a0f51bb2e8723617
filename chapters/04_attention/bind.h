// Included behind the learner's file: hands the function to the runner, and refuses another
// signature.
#include <type_traits>

extern "C" {
using AttentionFunction = vitrine::Tensor3(vitrine::Ref3, vitrine::Ref3, vitrine::Ref3,
                                           const vitrine::Bias&, float, vitrine::Record*);
static_assert(std::is_same_v<decltype(&vitrine::mine::attention), AttentionFunction*>,
              "attention must keep the parameters and the result that the stub gave it");
AttentionFunction* vitrine_mine_attention = &vitrine::mine::attention;
}

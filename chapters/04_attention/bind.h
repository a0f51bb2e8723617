// Included behind the learner's file: hands the function to the runner, and refuses another signature.
extern "C" {
using AttentionFunction = vitrine::Tensor3(vitrine::Ref3, vitrine::Ref3, vitrine::Ref3,
                                           const vitrine::Bias&, float, vitrine::Record*);
AttentionFunction* vitrine_mine_attention = &vitrine::mine::attention;
}

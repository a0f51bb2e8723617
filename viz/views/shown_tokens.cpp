#include "viz/views/shown_tokens.h"

namespace vitrine::viz {

namespace {

struct ShownMemory {
    std::shared_ptr<const ShownTokens> last;
};

}  // namespace

bool take_shown(ViewContext& context, std::shared_ptr<const ShownTokens>& shown) {
    auto& last = context.memory.of<ShownMemory>().last;
    if (!last || last->run != context.run || last->language != context.language) {
        const Run& run = *context.run;
        const Tokenizer* tokenizer = run.model ? run.model->tokenizer.get() : nullptr;
        ShownTokens made{
            context.run, context.language, label_tokens(tokenizer, run.encoding, run.text), {}};
        made.labels = short_labels(made.tokens, run.has_start, context.language);
        last = std::make_shared<const ShownTokens>(std::move(made));
    }
    if (shown == last) return false;
    shown = last;
    return true;
}

}  // namespace vitrine::viz

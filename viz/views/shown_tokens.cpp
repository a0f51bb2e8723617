#include "viz/views/shown_tokens.h"

#include <cstdio>

namespace vitrine::viz {

namespace {

struct ShownMemory {
    std::shared_ptr<const ShownTokens> last;
};

/// Positions of the vision tower, by the row and column of their patches.
std::vector<std::string> patch_names(const Run& run, Language language) {
    std::vector<std::string> names;
    if (!run.picture) return names;
    names.emplace_back(say(language, "‹class›", "‹클래스›"));
    const Index across = run.picture->across();
    for (Index i = 0; i < across * across; ++i) {
        char name[64];
        std::snprintf(name, sizeof name, say(language, "row %d, col %d", "%d행 %d열"),
                      static_cast<int>(1 + i / across), static_cast<int>(1 + i % across));
        names.emplace_back(name);
    }
    return names;
}

}  // namespace

bool take_shown(ViewContext& context, std::shared_ptr<const ShownTokens>& shown) {
    auto& last = context.memory.of<ShownMemory>().last;
    if (!last || last->run != context.run || last->language != context.language) {
        const Run& run = *context.run;
        const Tokenizer* tokenizer = run.model ? run.model->tokenizer.get() : nullptr;
        ShownTokens made;
        made.run = context.run;
        made.language = context.language;
        made.tokens = label_tokens(tokenizer, run.encoding, run.text);
        const bool named = run.model && run.model->encoder() != nullptr;  // [CLS], as [SEP]
        made.labels = short_labels(made.tokens, run.has_start && !named, context.language);
        made.target = label_tokens(tokenizer, run.target, run.target_text);
        made.target_labels = short_labels(made.target, true, context.language);
        made.patch_labels = patch_names(run, context.language);
        last = std::make_shared<const ShownTokens>(std::move(made));
    }
    if (shown == last) return false;
    shown = last;
    return true;
}

}  // namespace vitrine::viz

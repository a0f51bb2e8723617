#include "viz/views/judgement.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "io/config.h"
#include "viz/app/text_pair.h"
#include "viz/views/likeliest.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

std::span<const Real> logits_of(const Run& run, const char* name) {
    const Activation* found = run.kept(name);
    if (found == nullptr) return {};
    return found->values;
}

bool is_pair(const Run& run) {
    return pair_of(*run.model, run.text).has_value();
}

bool has_classes(const Run& run) {
    return !run.model->encoder()->weights().classes.none();
}

bool has_next_sentence(const Run& run) {
    return !run.model->encoder()->weights().next_sentence.none();
}

void draw_probabilities(ViewContext& context, BarsState& state, const char* id,
                        const std::vector<Judged>& all, float width, const char* title) {
    const Theme& theme = context.theme;
    std::vector<Bar> bars;
    for (const Judged& each : all) {
        Bar bar;
        bar.label = displayable(each.label);
        bar.value = each.probability;
        bar.number = percent_text(each.probability);
        bar.strong = bars.empty();
        bars.push_back(std::move(bar));
    }
    BarsInput input;
    input.id = id;
    input.bars = bars;
    input.width = std::min(width, 150.0F * theme.unit);
    input.row = 6.5F * theme.unit;
    input.label_title = title;
    input.number_title = context.say("probability", "확률");
    const BarsAnswer answer = draw_bars(theme, input, state);
    if (answer.seen < 0) return;
    const Judged& seen = all[static_cast<std::size_t>(answer.seen)];
    answer.by_keyboard ? begin_card_at(theme, {answer.low.x, answer.high.y + theme.unit})
                       : begin_card(theme);
    card_heading(theme, seen.label);
    card_row(theme, context.say("Probability", "확률"), percent_text(seen.probability),
             30.0F * theme.unit);
    end_card();
}

void draw_classes(ViewContext& context, float width) {
    const Theme& theme = context.theme;
    const std::string& folder = context.run->model->folder;
    const std::uint64_t id = std::hash<std::string>{}(folder);
    const auto several =
        context.background.ask<bool>("several labels", id, [folder](const std::stop_token&) {
            return std::make_shared<const bool>(has_several_labels(folder));
        });
    if (!several.value || several.id != id) return;
    const std::vector<Judged> classes = classes_of(*context.run, *several.value);
    small_heading(theme, context.say("What kind of text it is", "어떤 글인지"));
    caption(theme,
            is_pair(*context.run)
                ? context.say("A layer on the first token sorts your two lines into classes.",
                              "첫 토큰 위의 층이 두 줄을 함께 보고 분류해요.")
                : context.say("A layer on the first token sorts the text into classes. Two lines "
                              "are judged together, as a pair.",
                              "첫 토큰 위의 층이 글을 분류해요. 두 줄을 쓰면 짝으로 함께 봐요."),
            width);
    draw_probabilities(context, context.memory.of<JudgementMemory>().classes, "classes", classes,
                       width, context.say("class", "분류"));
}

void draw_following(ViewContext& context, float width) {
    const Theme& theme = context.theme;
    small_heading(theme, context.say("Does the second line follow the first?",
                                     "둘째 줄이 첫째 줄에 이어지나요?"));
    const std::optional<double> share = follows(*context.run);
    if (!share) {
        caption(theme,
                context.say("Write two lines above: the model says whether they belong together.",
                            "위에 두 줄을 쓰면 서로 이어지는지 모델이 말해 줘요."),
                width);
        return;
    }
    caption(theme,
            context.say("From the first token, which has seen both lines.",
                        "두 줄을 모두 본 첫 토큰이 말해 줘요."),
            width);
    std::vector<Judged> both{{context.say("it follows", "이어져요"), *share},
                             {context.say("it does not", "이어지지 않아요"), 1.0 - *share}};
    if (*share < 0.5) std::swap(both[0], both[1]);
    draw_probabilities(context, context.memory.of<JudgementMemory>().following, "following", both,
                       width, "");
}

}  // namespace

bool has_several_labels(const std::string& folder) {
    return ConfigFile::open(folder).text({"problem_type"}, "") == "multi_label_classification";
}

std::vector<Judged> classes_of(const Run& run, bool several) {
    const std::span<const Real> logits = logits_of(run, "logits");
    if (!judges(run) || logits.empty() || !has_classes(run)) return {};
    const std::vector<std::string>& labels = run.model->encoder()->weights().labels;
    // With one label, or when a text may have several, each is a yes or no of its own.
    const bool alone = several || labels.size() == 1;
    const std::vector<double> shares = softmax(logits);
    std::vector<Judged> classes;
    for (const int y : largest_first(logits, logits.size())) {
        const auto i = static_cast<std::size_t>(y);
        const auto logit = static_cast<double>(logits[i]);
        classes.push_back({labels.at(i), alone ? 1.0 / (1.0 + std::exp(-logit)) : shares[i]});
    }
    return classes;
}

std::optional<double> follows(const Run& run) {
    const std::span<const Real> logits = logits_of(run, "nsp_logits");
    if (logits.size() != 2 || !is_pair(run)) return {};
    return softmax(logits)[0];  // BERT's 0: it follows
}

bool judges(const Run& run) {
    return run.model && run.model->encoder() != nullptr &&
           (has_classes(run) || has_next_sentence(run));
}

void draw_judgement(ViewContext& context, float width) {
    const float gap = context.theme.unit;
    if (has_classes(*context.run)) {
        draw_classes(context, width);
        ImGui::Dummy({0.0F, gap});
    }
    if (has_next_sentence(*context.run)) {
        draw_following(context, width);
        ImGui::Dummy({0.0F, gap});
    }
}

}  // namespace vitrine::viz

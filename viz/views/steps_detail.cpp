// One step of attention in numbers.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/views/steps_parts.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

float largest_of(std::span<const Real> values) {
    float largest = 1e-6F;
    for (const Real value : values)
        largest = std::max(largest, std::abs(static_cast<float>(value)));
    return largest;
}

double dot(std::span<const Real> a, std::span<const Real> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
}

void say(const Theme& theme, const std::string& sentence) {
    ImGui::PushFont(theme.fonts.body);
    ImGui::TextWrapped("%s", sentence.c_str());
    ImGui::PopFont();
}

void formula(const Theme& theme, const std::string& text) {
    ImGui::PushFont(theme.fonts.mono);
    ImGui::TextWrapped("%s", text.c_str());
    ImGui::PopFont();
}

/// One bar for each value, of the keys from `first` on.
void draw_token_bars(ViewContext& context, StepsMemory& memory, std::span<const double> values,
                     Index first, const char* title, Index strong, float width) {
    std::vector<Bar> bars;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Index t = first + static_cast<Index>(i);
        Bar bar;
        bar.label = std::to_string(t) + "  " + memory.key_label(t);
        bar.value = values[i];
        bar.number = percent_text(values[i]);
        bar.strong = t == strong;
        bars.push_back(std::move(bar));
    }
    constexpr std::size_t most = 9;  // the largest; a long text would need a longer window
    if (bars.size() > most) {
        std::vector<double> sorted(values.begin(), values.end());
        std::nth_element(sorted.begin(), sorted.begin() + most, sorted.end(), std::greater<>());
        const double least = sorted[most];
        std::erase_if(bars, [&](const Bar& bar) { return !(bar.value > least); });
    }
    BarsInput input;
    input.id = "tokens";
    input.bars = bars;
    input.width = width;
    input.row = 5.5F * context.theme.unit;
    for (const Bar& bar : bars)
        input.full =
            std::max(0.05, input.full == 1.0 ? bar.value : std::max(input.full, bar.value));
    input.label_title = context.say("token", "토큰");
    input.number_title = title;
    draw_bars(context.theme, input, memory.parts);
}

void draw_product(ViewContext& context, StepsMemory& memory, float width) {
    const Theme& theme = context.theme;
    const HeadNumbers& n = memory.numbers;
    const auto q = n.query(memory.query), k = n.key(memory.key);
    std::vector<Real> products(q.size());
    for (std::size_t i = 0; i < q.size(); ++i) products[i] = q[i] * k[i];
    say(theme, context.say("The query of the one and the key of the other, number by number, and "
                           "all products added up.",
                           "한쪽의 쿼리와 다른 쪽의 키를 자리마다 곱해서 모두 더해요."));
    draw_strip(context, ("q  " + memory.query_label(memory.query)).c_str(), q, largest_of(q),
               width);
    draw_strip(context, ("k  " + memory.key_label(memory.key)).c_str(), k, largest_of(k), width);
    draw_strip(context, "q × k", products, largest_of(products), width);
    std::string text = "q · k = ";
    for (std::size_t i = 0; i < std::min<std::size_t>(3, q.size()); ++i) {
        const auto factor = [](Real x) {
            const std::string number = short_number(static_cast<double>(x));
            return x < 0 ? "(" + number + ")" : number;
        };
        text += factor(q[i]) + " × " + factor(k[i]) + " + ";
    }
    formula(theme, text + "… = " + short_number(dot(q, k)));
}

void draw_scale(ViewContext& context, StepsMemory& memory) {
    const Theme& theme = context.theme;
    const HeadNumbers& n = memory.numbers;
    const double product = dot(n.query(memory.query), n.key(memory.key));
    const auto score =
        static_cast<double>(n.score_row(memory.query)[static_cast<std::size_t>(memory.key)]);
    say(theme,
        context.say("The wider the vectors, the larger the sums. Divided by the root of the "
                    "width they stay in a range in which the softmax is not all or nothing.",
                    "벡터가 넓을수록 합도 커져요. 너비의 제곱근으로 나누면 소프트맥스가 한쪽으로 "
                    "쏠리지 않는 범위에 머물러요."));
    char text[128];
    std::snprintf(text, sizeof text, "%s × %.4f = %s", short_number(product).c_str(),
                  static_cast<double>(n.scale), short_number(score).c_str());
    formula(theme, text);
    if (n.scale == 1.0F) {
        say(theme,
            context.say("This model does not divide: it was trained without, and its weights "
                        "are small enough.",
                        "이 모델은 나누지 않아요. 나누지 않고 학습해서 가중치가 그만큼 작아요."));
        return;
    }
    std::snprintf(text, sizeof text,
                  context.say("%.4f is 1 / √D with D = %d.", "%.4f은 1 / √D이고 D = %d예요."),
                  static_cast<double>(n.scale), static_cast<int>(n.D));
    say(theme, text);
}

void draw_mask(ViewContext& context, StepsMemory& memory, float width) {
    const Theme& theme = context.theme;
    const HeadNumbers& n = memory.numbers;
    const auto row = n.score_row(memory.query);
    const auto [first, end] = n.seen(memory.query);
    const auto seen =
        row.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(end - first));
    say(theme,
        n.sight.causal
            ? context.say("The scores of this query. What comes later in the text is hidden: its "
                          "score becomes minus infinity.",
                          "이 쿼리의 점수예요. 글에서 뒤에 오는 것은 가려요. 점수가 음의 무한대가 "
                          "돼요.")
        : memory.stack->queries != memory.stack->keys
            ? context.say("The scores of this query. Nothing is hidden: all of the text that was "
                          "read may be looked at.",
                          "이 쿼리의 점수예요. 가리는 것이 없어요. 읽은 글을 전부 볼 수 있어요.")
            : context.say(
                  "The scores of this query. Nothing is hidden: this model reads what comes "
                  "before and what comes behind.",
                  "이 쿼리의 점수예요. 가리는 것이 없어요. 이 모델은 앞과 뒤를 모두 읽어요."));
    draw_strip(context, context.say("scores it may see", "볼 수 있는 점수"), seen, largest_of(seen),
               width);
    if (n.bias.size() != 0) {
        const std::span<const Real> added(n.bias.data() + memory.query * n.S,
                                          static_cast<std::size_t>(n.S));
        draw_strip(context, context.say("+ by distance", "+ 거리에 따라"), added, largest_of(added),
                   width);
    }
    char text[160];
    std::snprintf(text, sizeof text,
                  context.say("%d scores stay, %d are hidden.", "점수 %d개가 남고 %d개는 가려요."),
                  static_cast<int>(seen.size()), static_cast<int>(row.size() - seen.size()));
    formula(theme, text);
}

void draw_softmax(ViewContext& context, StepsMemory& memory, float width) {
    const Theme& theme = context.theme;
    const HeadNumbers& n = memory.numbers;
    const auto [first, end] = n.seen(memory.query);
    const std::vector<Real> scores = n.seen_scores(memory.query);
    const auto key = static_cast<std::size_t>(memory.key - first);
    const auto largest = static_cast<double>(*std::max_element(scores.begin(), scores.end()));
    double sum = 0;
    for (const Real score : scores) sum += std::exp(static_cast<double>(score) - largest);
    const double raised = std::exp(static_cast<double>(scores[key]) - largest);
    say(theme,
        context.say("e to the power of each score (less the largest), divided by their sum. "
                    "The results are shares: together they are 1.",
                    "e를 점수만큼(가장 큰 점수를 뺀 만큼) 거듭제곱하고 그 합으로 나눠요. 결과는 "
                    "몫이고, 모두 더하면 1이에요."));
    char text[160];
    std::snprintf(text, sizeof text, "exp(%s − %s) / %.3f = %.3f / %.3f = %.3f",
                  short_number(static_cast<double>(scores[key])).c_str(),
                  short_number(largest).c_str(), sum, raised, sum, raised / sum);
    formula(theme, text);
    const auto pattern = n.pattern_row(memory.query);
    const std::vector<double> shares(pattern.begin() + first, pattern.begin() + end);
    draw_token_bars(context, memory, shares, first, context.say("share", "몫"), memory.key, width);
}

void draw_mix(ViewContext& context, StepsMemory& memory, float width) {
    const Theme& theme = context.theme;
    const HeadNumbers& n = memory.numbers;
    const auto z = n.mix(memory.query), v = n.value(memory.key);
    const auto share =
        static_cast<double>(n.pattern_row(memory.query)[static_cast<std::size_t>(memory.key)]);
    std::vector<Real> part(v.size());
    for (std::size_t i = 0; i < v.size(); ++i) part[i] = static_cast<Real>(share) * v[i];
    const float largest = std::max(largest_of(z), largest_of(v));
    say(theme, context.say("Every value, weighted by its share, added up. In one scale: what the "
                           "key offers, what arrives of it, and the whole mix.",
                           "모든 값을 몫만큼 더해요. 키가 내놓는 것, 그 가운데 도착하는 것, 그리고 "
                           "섞은 결과를 같은 눈금으로 보세요."));
    draw_strip(context, ("v  " + memory.key_label(memory.key)).c_str(), v, largest, width);
    char name[64];
    std::snprintf(name, sizeof name, "%.3f × v", share);
    draw_strip(context, name, part, largest, width);
    draw_strip(context, ("z  " + memory.query_label(memory.query)).c_str(), z, largest, width);
}

void draw_origin(ViewContext& context, StepsMemory& memory, float width) {
    const Theme& theme = context.theme;
    // A key of cross-attention is what the stack of the typed text ends with.
    const bool across = memory.stack->queries != memory.stack->keys;
    const AttentionStack& tower = across ? memory.shown->run->stacks.front() : *memory.stack;
    const char* sentence =
        across ? context.say(
                     "What the encoder hands over at %s is no longer that token alone. "
                     "Followed back through its layers, it came from these tokens:",
                     "인코더가 %s 자리에서 건네는 벡터는 이제 그 토큰만의 것이 아니에요. "
                     "인코더의 층을 거슬러 올라가면 이 토큰들에서 왔어요.")
               : context.say(
                     "What stands at %s before layer %d is no longer that token alone. "
                     "Followed back through the layers below, it came from these tokens:",
                     "층 %2$d 앞에서 %1$s 자리에 있는 벡터는 이제 그 토큰만의 것이 아니에요. "
                     "아래 층을 거슬러 올라가면 이 토큰들에서 왔어요.");
    char text[256];
    std::snprintf(text, sizeof text, sentence, memory.key_label(memory.key).c_str(),
                  static_cast<int>(memory.layer));
    say(theme, text);
    // All patterns of the blocks below, for each token: longer than a frame on a long text.
    const std::shared_ptr<const Run> run = memory.shown->run;
    const Index layer = across ? tower.layers() : memory.layer, key = memory.key;
    const Index stack = memory.stack - run->stacks.data();
    const std::uint64_t id =
        (run->serial << 32U) +
        static_cast<std::uint64_t>((stack * (tower.layers() + 1) + layer) * memory.numbers.S + key);
    const auto answer = context.background.ask<std::vector<double>>(
        "rollout", id, [run, &tower, layer, key](const std::stop_token& stop) {
            return std::make_shared<const std::vector<double>>(
                rollout({*run, &tower}, layer, key, stop));
        });
    if (!answer.value || answer.id != id)
        return say(theme, context.say("Following it back ...", "거슬러 올라가고 있어요 ..."));
    // No later token is in it where none is seen.
    const auto reached =
        static_cast<std::size_t>(across ? memory.numbers.S : memory.numbers.seen(key).second);
    draw_token_bars(context, memory, std::span(*answer.value).first(reached), 0,
                    context.say("share", "몫"), memory.key, width);
    ImGui::PushFont(theme.fonts.small);
    card_note(
        theme,
        context.say("Attention rollout (Abnar & Zuidema 2020): the patterns averaged over "
                    "heads, half a share for the residual. An estimate: feed-forward is left "
                    "out.",
                    "어텐션 롤아웃(Abnar & Zuidema 2020)이에요. 헤드의 패턴을 평균하고 절반은 "
                    "잔차의 몫으로 봐요. 피드포워드는 빼고 어림한 값이에요."),
        width);
    ImGui::PopFont();
}

}  // namespace

void draw_strip(ViewContext& context, const char* name, std::span<const Real> values, float largest,
                float width) {
    const Theme& theme = context.theme;
    ImFont* font = theme.fonts.small;
    const float label_width = std::min(28.0F * theme.unit, 0.28F * width);
    const float height = 5.0F * theme.unit;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float cell =
        std::min((width - label_width) / static_cast<float>(values.size()), 8.0F * theme.unit);
    ImGui::Dummy({width, height});
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddText(font, font->FontSize, {at.x, at.y + 0.5F * (height - font->FontSize)},
                  theme.muted, elided(font, name, label_width - theme.unit).c_str());
    const ImVec2 low{at.x + label_width, at.y};
    for (std::size_t i = 0; i < values.size(); ++i) {
        const float x = low.x + static_cast<float>(i) * cell;
        list->AddRectFilled({x, low.y}, {x + cell, low.y + height},
                            theme.diverging(static_cast<float>(values[i]) / largest));
    }
    const ImVec2 high{low.x + cell * static_cast<float>(values.size()), low.y + height};
    list->AddRect(low, high, theme.border);
    if (!ImGui::IsMouseHoveringRect(low, high) || !ImGui::IsWindowHovered()) return;
    const auto i = std::min(values.size() - 1,
                            static_cast<std::size_t>((ImGui::GetIO().MousePos.x - low.x) / cell));
    begin_card(theme);
    card_heading(theme, name);
    card_row(theme, context.say("Number", "번째"), std::to_string(i), 24.0F * theme.unit);
    card_row(theme, context.say("Value", "값"), number_text(static_cast<double>(values[i])),
             24.0F * theme.unit);
    end_card();
}

void draw_step_detail(ViewContext& context, StepsMemory& memory, float width) {
    ImGui::PushID(memory.step);
    switch (static_cast<Step>(memory.step)) {
        case Step::product: draw_product(context, memory, width); break;
        case Step::scale: draw_scale(context, memory); break;
        case Step::mask: draw_mask(context, memory, width); break;
        case Step::softmax: draw_softmax(context, memory, width); break;
        case Step::mix: draw_mix(context, memory, width); break;
        case Step::origin: draw_origin(context, memory, width); break;
    }
    ImGui::PopID();
}

}  // namespace vitrine::viz

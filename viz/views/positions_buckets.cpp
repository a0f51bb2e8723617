// T5's buckets on the learner's tokens: what is added to each score, by the distance alone.
#include <algorithm>
#include <cmath>

#include "viz/views/positions_parts.h"
#include "viz/views/states.h"
#include "viz/widgets/formatted.h"
#include "viz/widgets/tooltip.h"

namespace vitrine::viz {

namespace {

void paint(ViewContext& context, BiasMemory& own) {
    const auto T = static_cast<int>(own.t5.shape()[1]);
    Image image(T, T);
    for (int t = 0; t < T; ++t) {
        for (int s = 0; s < T; ++s)
            image.at(s, t) = context.theme.diverging(
                std::clamp(float(own.t5(own.head, t, s)) / own.largest, -1.0F, 1.0F));
    }
    own.picture.set(context.memory.device(), std::move(image));
    own.painted = own.head;
    own.dark = context.theme.dark;
}

void draw_pair_card(ViewContext& context, const PositionsMemory& memory,
                    const HeatmapAnswer& answer) {
    const Theme& theme = context.theme;
    const BiasMemory& own = memory.bias;
    if (answer.by_keyboard) {
        begin_card_at(theme, {answer.cell_high.x + theme.unit, answer.cell_high.y + theme.unit});
    } else {
        begin_card(theme);
    }
    const Index relative = answer.key - answer.query;
    const auto [first, last] = bucket_range(relative, bucket_reach, own.shared);
    const float column = 34.0F * theme.unit;
    card_row(theme, context.say("Query", "쿼리"), position_name(memory, answer.query), column);
    card_row(theme, context.say("Key", "키"), position_name(memory, answer.key), column);
    card_row(theme, context.say("Key minus query", "키에서 쿼리를 뺀 값"), std::to_string(relative),
             column);
    card_row(theme, context.say("Bucket", "통"), std::to_string(t5_bucket(relative, own.shared)),
             column);
    card_row(theme, context.say("Shared by", "같은 통"),
             std::to_string(first) + " … " + std::to_string(last), column);
    card_row(theme, context.say("Added to the score", "점수에 더하는 수"),
             formatted("%.3f", double(own.t5(own.head, answer.query, answer.key))), column);
    end_card();
}

}  // namespace

void draw_bucket_map(ViewContext& context, PositionsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    BiasMemory& own = memory.bias;
    const bool korean = context.language == Language::korean;
    const std::string head = std::to_string(own.head);
    const float top = ImGui::GetCursorPosY();
    draw_title(
        theme,
        korean ? "T5: 헤드 " + head + "의 점수에 더하는 수"
               : "T5: added to the scores of head " + head,
        own.of_model
            ? context.say("One number a bucket: equal distances, equal colours. These are "
                          "the numbers of the encoder on the stage.",
                          "통 하나에 수 하나예요. 거리가 같으면 색도 같아요. 무대 위 모델의 "
                          "인코더가 쓰는 실제 수예요.")
            : context.say("One number a bucket: equal distances, equal colours. The model on "
                          "this stage has no buckets.",
                          "통 하나에 수 하나예요. 거리가 같으면 색도 같아요. 무대의 모델은 "
                          "통을 쓰지 않아요."),
        size.x);
    if (!own.of_model) {
        draw_banner(
            theme,
            context.say("The weights are random: the buckets are T5's, the numbers are not.",
                        "가중치는 무작위예요. 통은 T5 그대로지만 수는 아니에요."),
            size.x);
    }
    draw_diverging_legend(theme, own.largest, std::min(size.x, 70.0F * theme.unit));
    if (own.painted != own.head || own.dark != theme.dark) paint(context, own);
    HeatmapInput input;
    input.id = "t5";
    input.texture = &own.picture;
    input.n = static_cast<Index>(own.t5.shape()[1]);
    input.labels = std::span(memory.tokens).first(static_cast<std::size_t>(input.n));
    input.pinned_query = memory.position < input.n ? memory.position : -1;
    input.gaps_from = 2.0F;
    input.size = {size.x, size.y - (ImGui::GetCursorPosY() - top)};
    input.query_title = context.say("query", "쿼리");
    input.key_title = context.say("key", "키");
    const HeatmapAnswer answer = draw_heatmap(theme, input, own.map);
    if (answer.pin && answer.pin_query >= 0) choose_position(context, memory, answer.pin_query);
    if (answer.query >= 0 && answer.key >= 0) draw_pair_card(context, memory, answer);
}

}  // namespace vitrine::viz

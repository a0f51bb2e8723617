// What is added to a score by the distance alone: T5's buckets and ALiBi's slopes.
#include <algorithm>
#include <cmath>

#include "nn/relative_bias.h"
#include "viz/views/positions_parts.h"
#include "viz/widgets/formatted.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

void draw_bucket_card(ViewContext& context, const CurvesAnswer& answer, Index relative,
                      const BiasMemory& own) {
    const Theme& theme = context.theme;
    const bool korean = context.language == Language::korean;
    const auto [first, last] = bucket_range(relative, bucket_reach, own.shared);
    const std::string steps = std::to_string(std::abs(relative));
    begin_curve_card(theme, answer);
    const float column = 26.0F * theme.unit;
    card_row(theme, context.say("Key", "키"),
             relative == 0  ? context.say("at the query", "쿼리와 같은 위치")
             : relative < 0 ? (korean ? steps + "만큼 앞" : steps + " before the query")
                            : (korean ? steps + "만큼 뒤" : steps + " after the query"),
             column);
    card_row(theme, context.say("Bucket", "통"), std::to_string(t5_bucket(relative, own.shared)),
             column);
    card_row(theme, context.say("Shared by", "같은 통"),
             std::to_string(first) + " … " + std::to_string(last), column);
    end_card();
}

void draw_buckets(ViewContext& context, PositionsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    BiasMemory& own = memory.bias;
    const float top = ImGui::GetCursorPosY();
    const std::string count = std::to_string(own.shared.count);
    draw_title(theme,
               context.language == Language::korean ? "T5: 거리를 나눠 담는 통 " + count + "개"
                                                    : "T5: " + count + " buckets of distances",
               context.say("Near keys have a bucket each, far ones share. The number in a bucket "
                           "is learned, one for each head; which distances share it is fixed.",
                           "가까운 키는 통을 하나씩 쓰고 먼 키는 함께 써요. 통에 든 수는 헤드마다 "
                           "배우지만, 어느 거리가 같은 통인지는 정해져 있어요."),
               size.x);
    const std::array<Curve, 1> curves{
        Curve{{own.buckets.data(), own.buckets.size()}, theme.accent, "", 0.5F}};
    CurvesInput input;
    input.id = "buckets";
    input.curves = curves;
    input.first = -bucket_reach;
    input.high = static_cast<float>(own.shared.count);
    input.steps = true;
    input.y_title = context.say("bucket", "통");
    input.x_title = context.say("position of the key minus that of the query",
                                "키의 위치에서 쿼리의 위치를 뺀 값");
    input.size = {size.x, size.y - (ImGui::GetCursorPosY() - top)};
    const CurvesAnswer answer = draw_curves(theme, input, own.bucket_curve);
    if (answer.seen < 0) return;
    draw_bucket_card(context, answer, answer.seen - bucket_reach, own);
}

void draw_slopes(ViewContext& context, PositionsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    BiasMemory& own = memory.bias;
    const bool korean = context.language == Language::korean;
    const Index chosen = std::min(own.head, bias_heads - 1);
    const double slope = double(alibi_slopes(bias_heads)(chosen));
    const std::string head = std::to_string(chosen), part = formatted("%.5g", slope);
    const float top = ImGui::GetCursorPosY();
    draw_title(theme, context.say("ALiBi: a slope for each of 8 heads", "ALiBi: 헤드 8개의 기울기"),
               korean ? "거리 하나마다 헤드 " + head + "의 점수에서 " + part +
                            "만큼 빼요. 배우는 것은 없어요. 가파른 헤드는 이웃만 봐요."
                      : "Each step away takes " + part + " from the score of head " + head +
                            ". Nothing is learned. A steep head sees its neighbours only.",
               size.x);
    const auto distances = static_cast<std::size_t>(own.alibi.shape()[1]);
    std::vector<Curve> curves;
    const auto curve_of = [&](Index h, ImU32 colour, float width) {
        return Curve{
            {own.alibi.data() + h * static_cast<Index>(distances), distances}, colour, "", width};
    };
    for (Index h = 0; h < bias_heads; ++h) {
        if (h != chosen) curves.push_back(curve_of(h, theme.muted, 0.25F));
    }
    curves.push_back(curve_of(chosen, theme.accent, 0.7F));
    CurvesInput input;
    input.id = "slopes";
    input.curves = curves;
    input.low = own.alibi(0, static_cast<Index>(distances) - 1);
    input.high = 0.0F;
    input.y_title = context.say("added to the score", "점수에 더하는 수");
    input.x_title = context.say("distance from query back to key", "쿼리에서 앞쪽 키까지의 거리");
    input.size = {size.x, size.y - (ImGui::GetCursorPosY() - top)};
    const CurvesAnswer answer = draw_curves(theme, input, own.alibi_curve);
    if (answer.seen < 0) return;
    const double added = double(own.alibi(chosen, answer.seen));
    begin_curve_card(theme, answer);
    const float column = 34.0F * theme.unit;
    card_row(theme, context.say("Head", "헤드"), head, column);
    card_row(theme, context.say("Distance", "거리"), std::to_string(answer.seen), column);
    card_row(theme, context.say("Added to the score", "점수에 더하는 수"),
             formatted("%.4g", added == 0.0 ? 0.0 : added), column);
    card_row(theme, context.say("Times exp(score)", "exp(점수)에 곱하는 수"),
             formatted("%.3g", std::exp(added)), column);
    end_card();
}

}  // namespace

void draw_bias(ViewContext& context, PositionsMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    const TwoParts parts = place_parts(theme, size, 0.5F, 140.0F);
    ImGui::BeginGroup();
    draw_bucket_map(context, memory,
                    {parts.first.x, std::min(parts.first.y, 1.25F * parts.first.x)});
    ImGui::EndGroup();
    go_to_second(theme, parts);
    ImGui::BeginGroup();
    const ImVec2 half{parts.second.x, 0.5F * (parts.second.y - 2.0F * theme.unit)};
    const float top = ImGui::GetCursorPosY();
    draw_buckets(context, memory, half);
    ImGui::SetCursorPosY(top + half.y + 2.0F * theme.unit);
    draw_slopes(context, memory, half);
    ImGui::EndGroup();
}

}  // namespace vitrine::viz

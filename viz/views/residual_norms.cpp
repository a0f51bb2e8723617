// The third page of the residual view: the model as it is, and the same weights with the norms
// after the sums.
#include <algorithm>

#include "viz/views/residual_parts.h"
#include "viz/widgets/colour.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

/// The other tokens pale behind, the chosen one in front.
std::vector<Curve> curves_of(const ViewContext& context, const ResidualMemory& memory) {
    const ImU32 pre = context.theme.accent, post = context.theme.diverging(-0.75F);
    std::vector<Curve> curves;
    const Growth& growth = *memory.growth;
    for (std::size_t t = 0; t < growth.pre.size(); ++t) {
        curves.push_back({growth.pre[t], with_alpha(pre, 50), "", 0.25F});
        curves.push_back({growth.post[t], with_alpha(post, 50), "", 0.25F});
    }
    const auto t = static_cast<std::size_t>(memory.position);
    curves.push_back({growth.pre[t], pre,
                      context.say("pre-norm: the model as it is", "앞 정규화: 지금 모델 그대로"),
                      0.6F});
    curves.push_back(
        {growth.post[t], post,
         context.say("post-norm: the norms after the sums", "뒤 정규화: 더한 다음에 정규화"),
         0.6F});
    return curves;
}

float longest(const Growth& growth) {
    float most = 1.0F;
    for (const auto* half : {&growth.pre, &growth.post}) {
        for (const std::vector<Real>& row : *half) {
            most = std::max(most, *std::max_element(row.begin(), row.end()));
        }
    }
    return most;
}

void draw_card(const ViewContext& context, const ResidualMemory& memory,
               const CurvesAnswer& answer) {
    const Theme& theme = context.theme;
    const auto place = static_cast<std::size_t>(answer.seen);
    const auto t = static_cast<std::size_t>(memory.position);
    const float column = 34.0F * theme.unit;
    begin_curve_card(theme, answer);
    const bool end = place + 1 == memory.places.size();
    card_heading(theme, end ? context.say("After the last block", "마지막 블록 뒤")
                            : context.say("Before block ", "블록 앞: ") + std::to_string(place));
    card_row(theme, context.say("Length, pre-norm", "길이 (앞 정규화)"),
             two_decimals(static_cast<double>(memory.growth->pre[t][place])), column);
    card_row(theme, context.say("Length, post-norm", "길이 (뒤 정규화)"),
             two_decimals(static_cast<double>(memory.growth->post[t][place])), column);
    end_card();
}

}  // namespace

void draw_norms_page(ViewContext& context, ResidualMemory& memory) {
    const Theme& theme = context.theme;
    const float width = ImGui::GetContentRegionAvail().x;
    ImGui::PushTextWrapPos(0.0F);
    ImGui::TextUnformatted(
        context.say("Same weights, norms moved: each block run as norm(x + branch(x)), as in 2017, "
                    "instead of x + branch(norm(x)). The model was not trained so: the second "
                    "curve shows what the place of the norm does to the stream, not a model that "
                    "works.",
                    "가중치는 그대로 두고 정규화만 옮겼어요. 블록마다 x + branch(norm(x)) 대신 "
                    "2017년처럼 norm(x + branch(x))를 계산해요. 모델은 그렇게 학습하지 않았어요. "
                    "둘째 곡선은 잘 도는 모델이 아니라, 정규화의 자리가 흐름을 어떻게 바꾸는지 "
                    "보여 줘요."));
    ImGui::PopTextWrapPos();
    if (memory.shown->run->model->decoder() == nullptr) {
        caption(theme,
                context.say("It is worked out for models that write on, as vitrine-small.",
                            "vitrine-small처럼 글을 이어 쓰는 모델에서만 계산해요."),
                width);
        return;
    }
    if (!memory.growth) {
        caption(theme, context.say("Being worked out ...", "계산하고 있어요 ..."), width);
        return;
    }
    caption(
        theme,
        context.say("With pre-norm the stream grows freely; with post-norm every block sets "
                    "its length anew. Pale: the other tokens.",
                    "앞 정규화에서는 흐름이 마음껏 자라고, 뒤 정규화에서는 블록마다 길이가 다시 "
                    "정해져요. 옅은 선은 다른 토큰이에요."),
        width);
    ImGui::Dummy({0.0F, theme.unit});
    const std::vector<Curve> curves = curves_of(context, memory);
    const float room = ImGui::GetContentRegionAvail().y;
    CurvesInput input;
    input.id = "growth";
    input.curves = curves;
    input.low = 0.0F;
    input.high = 1.05F * longest(*memory.growth);
    input.x_title = context.say("blocks gone through", "지나온 블록 수");
    input.y_title = context.say("length of the stream", "흐름의 길이");
    input.size = {std::min(width, 220.0F * theme.unit),
                  std::clamp(room, 50.0F * theme.unit, 130.0F * theme.unit)};
    const CurvesAnswer answer = draw_curves(theme, input, memory.curves);
    if (answer.seen >= 0) draw_card(context, memory, answer);
}

}  // namespace vitrine::viz

#include "viz/views/pictures.h"

#include <algorithm>

#include "viz/views/attention_parts.h"
#include "viz/views/pictures_parts.h"
#include "viz/views/states.h"
#include "viz/widgets/formatted.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

/// The states in which there is no picture to look at.
bool has_no_picture(ViewContext& context) {
    const Run& run = *context.run;
    if (run.model->clip() == nullptr) {
        if (draw_offer(
                context.theme,
                context.say("This model reads no pictures", "이 모델은 그림을 읽지 않아요"),
                context.say("CLIP reads pictures and texts, and says which caption fits. One "
                            "to fetch: openai/clip-vit-base-patch32",
                            "CLIP은 그림과 글을 함께 읽고 어떤 설명이 어울리는지 말해 줘요. "
                            "내려받을 모델: openai/clip-vit-base-patch32"),
                context.say("Choose a model", "모델 고르기"))) {
            context.wishes.open_link = "view:models";
        }
        return true;
    }
    if (run.picture && picture_stack(run) != nullptr) return false;
    draw_without_picture(context);
    return true;
}

/// Which caption fits, as bars in the order of the lines.
void draw_captions(ViewContext& context, PicturesMemory& memory, float width) {
    const Theme& theme = context.theme;
    const Run& run = *memory.run;
    small_heading(theme, context.say("Which caption fits", "어떤 설명이 어울리는지"));
    caption(theme,
            context.say("Shares of the lines above, together 1. Write several to compare them.",
                        "위에 쓴 줄들의 몫이고 모두 더하면 1이에요. 여러 줄을 써서 견줘 보세요."),
            width);
    const auto& shares = run.caption_probabilities;
    const auto best = std::max_element(shares.begin(), shares.end()) - shares.begin();
    std::vector<Bar> bars;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        Bar bar;
        bar.label = displayable(run.captions[i]);
        bar.value = shares[i];
        bar.number = percent_text(shares[i]);
        bar.strong = static_cast<std::ptrdiff_t>(i) == best;
        bars.push_back(std::move(bar));
    }
    BarsInput input;
    input.id = "captions";
    input.bars = bars;
    input.width = width;
    input.row = 6.5F * theme.unit;
    input.label_title = context.say("caption", "설명");
    input.number_title = context.say("probability", "확률");
    const BarsAnswer answer = draw_bars(theme, input, memory.captions);
    if (answer.seen < 0) return;
    const auto i = static_cast<std::size_t>(answer.seen);
    answer.by_keyboard ? begin_card_at(theme, {answer.low.x, answer.high.y + theme.unit})
                       : begin_card(theme);
    const float column = 30.0F * theme.unit;
    card_note(theme, run.captions[i], 90.0F * theme.unit);
    card_row(theme, context.say("Probability", "확률"), percent_text(shares[i]), column);
    const auto scale = static_cast<double>(run.model->clip()->weights().logit_scale);
    card_row(theme, context.say("Cosine", "코사인"),
             formatted("%.3f", run.caption_logits[i] / scale), column);
    end_card();
}

}  // namespace

void draw_pictures(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context) || has_no_picture(context)) return;
    PicturesMemory& memory = context.memory.of<PicturesMemory>();
    refresh(context, memory);
    explain(theme,
            context.say("The model cuts the picture into patches and reads them like tokens. The "
                        "stronger the blue, the more of a patch goes into what it makes of the "
                        "picture. Click a patch to see what that one looks at.",
                        "모델은 그림을 조각으로 잘라 토큰처럼 읽어요. 파랑이 진한 조각일수록 "
                        "그림을 이해하는 데 많이 쓰여요. 조각을 누르면 그 조각이 무엇을 보는지 "
                        "보여 줘요."));
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float gap = 5.0F * theme.unit;
    const float title = theme.fonts.bold->FontSize + 3.0F * theme.fonts.small->FontSize + gap;
    const bool narrow = room.x < 120.0F * theme.unit;
    const float side =
        std::max(30.0F * theme.unit, std::min(narrow ? room.x : 0.55F * room.x, room.y - title));
    ImGui::BeginGroup();
    draw_picture(context, memory, side);
    ImGui::EndGroup();
    if (!narrow) ImGui::SameLine(0.0F, gap);
    ImGui::BeginGroup();
    const float width = std::min(narrow ? room.x : room.x - side - gap, 130.0F * theme.unit);
    draw_picture_heads(context, memory, width);
    ImGui::Dummy({0.0F, 2.0F * theme.unit});
    draw_captions(context, memory, width);
    ImGui::EndGroup();
}

}  // namespace vitrine::viz

#include "viz/views/states.h"

#include <algorithm>

#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"

namespace vitrine::viz {

void draw_banner(const Theme& theme, const char* says, float width) {
    const float pad = 1.5F * theme.unit;
    const ImVec2 low = ImGui::GetCursorScreenPos();
    ImGui::SetCursorScreenPos({low.x + 2.0F * pad, low.y + pad});
    ImGui::BeginGroup();
    ImGui::PushFont(theme.fonts.bold);
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width - 4.0F * pad - 2.0F);
    ImGui::TextUnformatted(says);
    ImGui::PopTextWrapPos();
    ImGui::PopFont();
    ImGui::EndGroup();
    const ImVec2 high{ImGui::GetItemRectMax().x + 2.0F * pad, ImGui::GetItemRectMax().y + pad};
    ImGui::GetWindowDrawList()->AddRect(low, high, theme.bad, theme.radius, 0, 0.4F * theme.unit);
    ImGui::SetCursorScreenPos(low);
    ImGui::Dummy({high.x - low.x, high.y - low.y + theme.unit});
}

bool draw_without_run(ViewContext& context) {
    if (context.run && context.run->positions() > 0) return false;
    const Theme& theme = context.theme;
    if (!context.error.empty()) {
        draw_state(theme, context.say("That did not work", "문제가 생겼어요"), context.error,
                   theme.bad);
    } else if (context.loading) {
        draw_state(theme, context.say("The model is being loaded", "모델을 불러오고 있어요"),
                   context.say("Its weights are read from disk, once.",
                               "디스크에서 가중치를 한 번만 읽어요."),
                   theme.muted);
    } else if (context.busy) {
        draw_state(theme, context.say("The model is reading", "모델이 읽고 있어요"),
                   context.say("The first result is on its way.", "곧 첫 결과가 나와요."),
                   theme.muted);
    } else {
        draw_state(
            theme, context.say("Type something above", "위에 글을 써 보세요"),
            context.say("Everything here follows your text, in English or Korean.",
                        "여기 보이는 모든 것이 여러분의 글을 따라가요. 한국어도 영어도 좋아요."),
            theme.text);
    }
    return true;
}

bool draw_without_language(ViewContext& context) {
    if (!context.run->model || context.run->model->language() != nullptr) return false;
    const LoadedModel& model = *context.run->model;
    const bool korean = context.language == Language::korean;
    const char* title =
        context.say("This model reads whole texts", "이 모델은 글 전체를 한꺼번에 읽어요");
    std::string what = korean ? "에는 글을 이어 쓰는 층이 없어요."
                              : " sees the text on both sides of a word and does not write on.";
    if (model.text_to_text() != nullptr) {
        title = context.say("This model answers with a text of its own",
                            "이 모델은 읽은 글과는 다른 글을 새로 써요");
        what =
            korean
                ? "는 글을 이어 쓰지 않고, 읽은 글에 답하는 글을 써요. 그 글은 ‘인코더-디코더’와 "
                  "‘다음 토큰’ 화면에서 볼 수 있어요."
                : " does not write your text on: it reads it and writes another. See that "
                  "one under Encoder-decoder and Next token.";
    } else if (model.clip() != nullptr) {
        title =
            context.say("This model compares pictures with texts", "이 모델은 그림과 글을 견줘요");
        what = korean ? "는 글을 쓰지 않아요. 그림과 글을 저마다 벡터 하나로 바꿀 뿐이에요."
                      : " writes nothing: it makes one vector of a picture and one of a text.";
    }
    draw_state(context.theme, title,
               model.name + what +
                   context.say(" Choose vitrine-small on the left to see it done.",
                               " 왼쪽에서 vitrine-small을 고르면 볼 수 있어요."),
               context.theme.text);
    return true;
}

bool draw_offer(const Theme& theme, const char* title, const char* sentence, const char* button) {
    const float left = ImGui::GetCursorPosX(), room = ImGui::GetContentRegionAvail().x;
    draw_state(theme, title, sentence, theme.text);
    ImGui::Dummy({0.0F, 2.0F * theme.unit});
    ImGui::SetCursorPosX(left + 0.5F * (room - button_width(button)));
    return action_button(theme, button, true);
}

bool draw_without_attention(ViewContext& context) {
    if (context.run->at(0, "ssm.y") == nullptr) return false;
    if (draw_offer(context.theme,
                   context.say("This model has no attention", "이 모델에는 어텐션이 없어요"),
                   context.say("It carries what it has read in a state, from token to token.",
                               "읽은 것을 상태에 담아 토큰에서 토큰으로 넘겨요."),
                   context.say("Look at its memory", "기억 보기"))) {
        const Index layer = std::max<Index>(context.stage.layer, 0);
        context.wishes.open_link = "view:memory?layer=" + std::to_string(layer);
    }
    return true;
}

void draw_without_picture(ViewContext& context) {
    const Theme& theme = context.theme;
    const std::string& problem = context.run->picture_problem;
    if (!problem.empty()) {
        draw_state(theme, context.say("The picture could not be read", "그림을 읽지 못했어요"),
                   problem, theme.bad);
        return;
    }
    draw_state(
        theme, context.say("Drop a picture on this window", "이 창에 그림을 끌어다 놓으세요"),
        context.say("A PNG or JPEG file: the model cuts it into patches and compares it with "
                    "each line of your text.",
                    "PNG나 JPEG 파일이면 돼요. 모델이 그림을 조각내어 읽고, 여러분이 쓴 글의 "
                    "줄마다 얼마나 어울리는지 견줘요."),
        theme.text);
}

}  // namespace vitrine::viz

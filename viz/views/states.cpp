#include "viz/views/states.h"

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
    const std::string& name = context.run->model->name;
    draw_state(
        context.theme,
        context.say("This model reads whole texts", "이 모델은 글 전체를 한꺼번에 읽어요"),
        context.language == Language::korean
            ? name +
                  "에는 글을 이어 쓰는 층이 없어요. 왼쪽에서 vitrine-small을 고르면 볼 수 있어요."
            : name +
                  " sees the text on both sides of a word and does not write on. Choose "
                  "vitrine-small on the left to see it done.",
        context.theme.text);
    return true;
}

}  // namespace vitrine::viz

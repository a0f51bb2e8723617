#include "viz/views/encoder_decoder.h"

#include <algorithm>

#include "viz/views/encoder_decoder_numbers.h"
#include "viz/views/encoder_decoder_parts.h"
#include "viz/views/states.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

void draw_controls(ViewContext& context, EncoderDecoderMemory& memory) {
    const Theme& theme = context.theme;
    const float gap = 6.0F * theme.unit;
    if (memory.tokens >= 2) {
        captioned_slider(theme, "##split",
                         context.say("Tokens of the source; the rest is the target",
                                     "원문의 토큰 수, 나머지는 번역문"),
                         memory.split, 1, static_cast<int>(memory.tokens) - 1, "%d",
                         std::min(80.0F * theme.unit, ImGui::GetContentRegionAvail().x));
        same_line_if_fits(theme, 90.0F * theme.unit);
    }
    const auto choice = [&](const char* id, const char* name, int& chosen, Index count) {
        static constexpr std::array<const char*, 4> numbers{"0", "1", "2", "3"};
        ImGui::BeginGroup();
        caption_line(theme, name, "", text_width(theme.fonts.small, name));
        segmented(theme, id, std::span(numbers).first(static_cast<std::size_t>(count)), chosen);
        ImGui::EndGroup();
    };
    choice("layer", context.say("Layer", "층"), memory.layer, translator_layers);
    ImGui::SameLine(0.0F, gap);
    choice("head", context.say("Head", "헤드"), memory.head, translator_heads);
}

/// Layer and head of the model on the stage, which may have many.
void draw_own_controls(ViewContext& context, EncoderDecoderMemory& memory) {
    const Theme& theme = context.theme;
    const float gap = 6.0F * theme.unit;
    const float width =
        std::min(60.0F * theme.unit, 0.5F * (ImGui::GetContentRegionAvail().x - gap));
    const Index layers = std::max(memory.layers(Attends::encoder), memory.layers(Attends::decoder));
    ImGui::BeginGroup();
    captioned_slider(theme, "##layer", context.say("Layer", "층"), memory.layer, 0,
                     static_cast<int>(layers) - 1, "%d", width);
    ImGui::EndGroup();
    ImGui::SameLine(0.0F, gap);
    ImGui::BeginGroup();
    captioned_slider(theme, "##head", context.say("Head", "헤드"), memory.head, 0,
                     static_cast<int>(memory.heads()) - 1, "%d", width);
    ImGui::EndGroup();
}

/// What this is, and what it wrote.
void draw_own_words(ViewContext& context, const Run& run) {
    const Theme& theme = context.theme;
    explain(theme,
            context.say("The model on the stage is an encoder-decoder. Its encoder reads your text "
                        "and sees all of it. Its decoder writes the target, never sees what comes "
                        "later, and in every layer looks across: its queries, the encoder's keys "
                        "and values.",
                        "무대의 모델이 인코더-디코더예요. 인코더는 여러분의 글 전체를 보며 읽어요. "
                        "디코더는 뒤를 보지 않으면서 새 글을 쓰고, 층마다 인코더를 건너다봐요. "
                        "쿼리는 디코더에서, 키와 값은 인코더에서 와요."));
    caption(
        theme,
        run.target_ended
            ? context.say("It wrote, the likeliest token each time:",
                          "늘 가장 그럴듯한 토큰을 골라 이렇게 썼어요:")
            : context.say("It wrote, the likeliest token each time; stopped after 64 tokens:",
                          "늘 가장 그럴듯한 토큰을 골라 이렇게 썼어요. 토큰 64개에서 멈췄어요:"),
        ImGui::GetContentRegionAvail().x);
    ImGui::PushFont(theme.fonts.bold);
    ImGui::TextWrapped("%s", run.target_text.empty() ? context.say("(nothing)", "(아무것도 안 씀)")
                                                     : displayable(run.target_text).c_str());
    ImGui::PopFont();
    ImGui::Dummy({0.0F, theme.unit});
}

void draw_translator_words(ViewContext& context) {
    const Theme& theme = context.theme;
    explain(
        theme,
        context.say(
            "The transformer of 2017, in small: 64 numbers a token, 4 heads, 2 layers each. The "
            "encoder reads the first part of your text and sees all of it. The decoder reads "
            "the rest, never what comes later, and in every layer looks across: its queries, "
            "the encoder's keys and values. The model on this stage has no such parts.",
            "2017년 트랜스포머의 축소판이에요. 토큰마다 수 64개, 헤드 4개, 양쪽에 층이 2개씩 "
            "있어요. 인코더는 글의 앞부분을 읽으면서 전체를 봐요. 디코더는 나머지를 읽되 뒤를 "
            "보지 않고, 층마다 인코더를 건너다봐요. 쿼리는 디코더에서, 키와 값은 인코더에서 "
            "와요. 무대의 모델에는 없는 부품이에요."));
    draw_banner(
        theme,
        context.say(
            "The weights are random: the shapes and the masks are real, the meaning is not.",
            "가중치는 무작위예요. 모양과 마스크는 진짜지만, 의미는 없어요."),
        ImGui::GetContentRegionAvail().x);
}

}  // namespace

void draw_encoder_decoder(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context)) return;
    auto& memory = context.memory.of<EncoderDecoderMemory>();
    const bool own = context.run->model && context.run->model->text_to_text() != nullptr;
    own ? draw_own_words(context, *context.run) : draw_translator_words(context);
    bool ready = refresh(context, memory);
    own ? draw_own_controls(context, memory) : draw_controls(context, memory);
    if (own) ready = refresh(context, memory);  // what was chosen is drawn in this frame
    if (!own && memory.tokens < 2) {
        return draw_state(theme, context.say("Two tokens, please", "토큰이 두 개는 있어야 해요"),
                          context.say("One for the source, one for the target: type more above.",
                                      "원문과 번역문에 하나씩 필요해요. 위에 더 써 보세요."),
                          theme.muted);
    }
    ImGui::Dummy({0.0F, theme.unit});
    draw_legend(theme, memory.scale,
                std::min(110.0F * theme.unit, ImGui::GetContentRegionAvail().x),
                context.say("weight: 0 = not looked at, 1 = only this one",
                            "가중치: 0이면 안 보고, 1이면 이것만 봐요"),
                context.say("hidden: a token that comes later", "가려짐: 뒤에 오는 토큰"));
    ImGui::Dummy({0.0F, theme.unit});
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float gap = 4.0F * theme.unit;
    const bool narrow = room.x < 170.0F * theme.unit;
    const float width = narrow ? room.x : (room.x - 2.0F * gap) / 3.0F;
    const float height = narrow ? 1.05F * std::min(width, 110.0F * theme.unit)
                                : std::clamp(room.y, 60.0F * theme.unit, 1.3F * width);
    if (!ready) {  // as high as what comes, so that the window's scroll bar stays
        ImGui::TextUnformatted(context.say("Running ...", "계산하고 있어요 ..."));
        ImGui::Dummy({0.0F, narrow ? 3.0F * height : height});
        return;
    }
    for (const Attends which : {Attends::encoder, Attends::decoder, Attends::cross}) {
        ImGui::BeginGroup();
        draw_attends(context, memory, which, {width, height});
        ImGui::EndGroup();
        if (!narrow && which != Attends::cross) ImGui::SameLine(0.0F, gap);
    }
}

}  // namespace vitrine::viz

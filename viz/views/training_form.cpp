// Before a run: what it learns, how large the model is, how long and how fast it learns.
#include <cstdio>

#include "tensor/error.h"
#include "viz/app/displayable.h"
#include "viz/views/training_parts.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"

namespace vitrine::viz {

namespace {

TrainingChoice choice_of(const TrainingForm& form) {
    TrainingChoice choice;
    choice.text = form.text == 0 ? bundled_text() : std::filesystem::path(form.path.text());
    choice.size = form.size == 0 ? ModelSize::small : ModelSize::medium;
    choice.steps = form.steps;
    choice.learning_rate = learning_rates.at(static_cast<std::size_t>(form.rate));
    return choice;
}

/// A field for the path of a text.
void draw_path(ViewContext& context, TrainingForm& form, float width) {
    draw_text_field(context.theme, "##path", form.path,
                    context.say("/path/to/a/text.txt, or drop the file here",
                                "/글의/경로.txt, 또는 파일을 끌어다 놓기"),
                    width);
    hover_note(
        context.theme,
        context.say("A text file (.txt, .md, .json, .jsonl, .csv, .tsv) or a folder of them, in "
                    "UTF-8. Enter begins and ends typing.",
                    "UTF-8 글 파일(.txt, .md, .json, .jsonl, .csv, .tsv)이나 그런 파일이 든 폴더의 "
                    "경로예요. Enter를 누르면 쓰기 시작하고, 다시 누르면 끝나요."));
}

void draw_text_choice(ViewContext& context, TrainingForm& form, float width) {
    const Theme& theme = context.theme;
    small_heading(theme, context.say("Text", "글"));
    const std::array<const char*, 2> texts{context.say("Shakespeare", "셰익스피어"),
                                           context.say("A text of mine", "내 글")};
    segmented(theme, "text", texts, form.text);
    if (form.text == 1) {
        draw_path(context, form, width);
    } else {
        explain(theme, context.say("Most of Coriolanus, 118 kB; it comes with the program.",
                                   "프로그램과 함께 온 ‘코리올레이너스’의 대부분, 118 kB예요."));
    }
    ImGui::Dummy({0.0F, theme.unit});
}

void draw_size_choice(ViewContext& context, TrainingForm& form) {
    const Theme& theme = context.theme;
    small_heading(theme, context.say("Model", "모델"));
    const std::array<const char*, 2> sizes{context.say("Small", "작게"),
                                           context.say("Medium", "중간")};
    segmented(theme, "size", sizes, form.size);
    explain(
        theme,
        form.size == 0
            ? context.say(
                  "2 layers of 4 heads, 64 wide, 512 tokens learnt from the text: 0.14 "
                  "million parameters.",
                  "2개 층에 헤드가 4개씩, 너비 64, 글에서 배운 토큰 512개, 파라미터 14만 개예요.")
            : context.say(
                  "4 layers of 6 heads, 192 wide, 2,048 tokens learnt from the text: 2.2 "
                  "million parameters. It takes longer and learns more.",
                  "4개 층에 헤드가 6개씩, 너비 192, 글에서 배운 토큰 2,048개, 파라미터 220만 "
                  "개예요. 더 오래 걸리고 더 많이 배워요."));
    ImGui::Dummy({0.0F, theme.unit});
}

void draw_numbers(ViewContext& context, TrainingForm& form, float width) {
    const Theme& theme = context.theme;
    captioned_slider(theme, "##steps", context.say("Steps", "걸음 수"), form.steps, 100, 5000, "%d",
                     width);
    hover_note(context.theme, context.say("How many batches the model learns from, 16 rows each.",
                                          "모델이 배우는 배치의 수예요. 배치 하나는 16줄이에요."));
    char rate[32];
    std::snprintf(rate, sizeof rate, "%g", learning_rates.at(static_cast<std::size_t>(form.rate)));
    ImGui::BeginGroup();
    caption_line(theme, context.say("Learning rate, at its highest", "학습률의 최댓값"), rate,
                 width);
    ImGui::SetNextItemWidth(width);
    ImGui::SliderInt("##rate", &form.rate, 0, static_cast<int>(learning_rates.size()) - 1, "",
                     ImGuiSliderFlags_AlwaysClamp);
    ImGui::EndGroup();
    hover_note(
        context.theme,
        context.say(
            "How far a step goes against the gradient. It rises at the beginning and falls along a "
            "cosine. Too high, and the loss jumps up.",
            "한 걸음에 기울기의 반대쪽으로 얼마나 가는지예요. 처음에는 커졌다가 코사인 곡선을 따라 "
            "줄어요. "
            "너무 크면 손실이 튀어 올라요."));
    ImGui::Dummy({0.0F, theme.unit});
}

}  // namespace

void draw_training_form(ViewContext& context, TrainingMemory& memory) {
    const Theme& theme = context.theme;
    TrainingForm& form = memory.form;
    const float width = std::min(120.0F * theme.unit, ImGui::GetContentRegionAvail().x);
    if (memory.snapshot->runs.empty()) {
        explain(theme,
                context.say("There is no run yet. Begin one: with the small model you see it "
                            "learn within a minute.",
                            "아직 학습한 것이 없어요. 하나 시작해 보세요. 작은 모델은 1분이면 "
                            "배우는 모습이 보여요."));
    }
    draw_text_choice(context, form, width);
    draw_size_choice(context, form);
    draw_numbers(context, form, width);
    const bool ready = form.text == 0 || !form.path.text().empty();
    if (action_button(theme, context.say("Start", "시작하기"), true, ready)) {
        try {
            choose_run(memory, begin_training(choice_of(form)));
            form.problem.clear();
            return;
        } catch (const std::exception& failure) {
            form.problem = failure.what();
        }
    }
    if (!form.problem.empty()) wrapped(displayable(form.problem), theme.bad);
    const std::string place = runs_folder().string();
    caption(theme, context.say("Runs are kept in ", "학습은 여기에 남아요: ") + displayable(place),
            ImGui::GetContentRegionAvail().x);
}

}  // namespace vitrine::viz

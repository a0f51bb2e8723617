// The slider over the checkpoints of a run, and what the chosen one makes of the text in the box.
#include <algorithm>
#include <cstdio>
#include <functional>

#include "viz/app/displayable.h"
#include "viz/views/attention_parts.h"
#include "viz/views/next_parts.h"
#include "viz/views/training_parts.h"
#include "viz/widgets/colour_scale.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/track.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

constexpr double seconds_a_checkpoint = 0.8;

/// Asks for the chosen checkpoint's work on the text; the newest request wins.
void refresh_moment(ViewContext& context, TrainingMemory& memory) {
    const Index chosen = chosen_model(memory);
    if (chosen < 0) return;
    const SavedModel& model = memory.snapshot->models[static_cast<std::size_t>(chosen)];
    const std::string text = context.run ? context.run->text : std::string();
    const std::uint64_t id = std::hash<std::string>()(model.folder.string() + '\n' + text);
    std::shared_ptr<const LoadedModel> before;
    if (memory.moment) before = memory.moment->run->model;
    const auto answer = context.background.ask<TrainingMoment>(
        "training moment", id, [model, text, before](const std::stop_token& stop) {
            return training_moment(model.folder, model.step, text, before, stop);
        });
    memory.moment_busy = answer.busy;
    memory.moment_problem = answer.problem;
    if (answer.busy) context.wishes.animate = true;
    if (!answer.value) return;
    const std::filesystem::path from = answer.value->run->model->folder;
    if (from.parent_path() == model.folder.parent_path()) memory.moment = answer.value;
}

void play(ViewContext& context, TrainingMemory& memory, Index chosen, Index count) {
    if (!memory.playing) return;
    context.wishes.animate = true;
    if (memory.moment_busy || ImGui::GetTime() < memory.play_at) return;
    memory.play_at = ImGui::GetTime() + seconds_a_checkpoint;
    if (chosen + 1 < count) {
        choose_model(memory, chosen + 1);
    } else {
        memory.playing = false;
    }
}

void draw_stop_card(const ViewContext& context, const TrainingMemory& memory,
                    const TrackAnswer& answer) {
    const Theme& theme = context.theme;
    const TrainingSnapshot& snapshot = *memory.snapshot;
    const Index step = snapshot.models[static_cast<std::size_t>(answer.seen)].step;
    begin_card_at(theme, answer.anchor);
    char text[64];
    std::snprintf(text, sizeof text, context.say("Checkpoint of step %lld", "%lld걸음 체크포인트"),
                  static_cast<long long>(step));
    card_heading(theme, text);
    const float column = 40.0F * theme.unit;
    if (const LoggedStep* logged = newest_until(snapshot.log.steps, step)) {
        std::snprintf(text, sizeof text, "%.3f", static_cast<double>(logged->loss));
        card_row(theme, context.say("Loss", "손실"), text, column);
    }
    if (const LoggedValidation* logged = newest_until(snapshot.log.validations, step)) {
        std::snprintf(text, sizeof text, "%.3f", static_cast<double>(logged->loss));
        card_row(theme, context.say("On held-out text", "따로 둔 글의 손실"), text, column);
        std::snprintf(text, sizeof text, "%.3f", static_cast<double>(logged->bits_per_byte));
        card_row(theme, context.say("Bits a byte", "바이트당 비트"), text, column);
    }
    end_card();
}

/// "After step 240", or what is in its way.
std::string moment_title(const ViewContext& context, const TrainingMemory& memory) {
    const bool korean = context.language == Language::korean;
    if (!memory.moment) return {};
    const std::string step = count_text(memory.moment->step);
    std::string title = korean ? step + "걸음 뒤의 모델" : "The model after step " + step;
    if (memory.step < 0) title += korean ? " (가장 새것)" : " (the newest)";
    return title;
}

/// What another view needs to draw the checkpoint's run.
ViewContext inner_context(ViewContext& context, TrainingMemory& memory) {
    memory.stage.hovered_position = -1;
    if (!memory.inner) memory.inner = std::make_unique<ViewMemory>(context.memory.device());
    return {context.theme,
            context.language,
            memory.moment->run,
            nullptr,
            "",
            {},
            "",
            false,
            false,
            context.parts,
            memory.stage,
            context.wishes,
            *memory.inner,
            context.background};
}

void draw_maps(ViewContext& inner, ImVec2 size) {
    const Theme& theme = inner.theme;
    auto& attention = inner.memory.of<AttentionMemory>();
    if (!refresh(inner, attention)) return;
    const AttentionSummary& summary = *attention.summary;
    const float gap = 4.0F * theme.unit;
    const float side =
        thumbnail_side({0.42F * size.x, size.y}, summary.layers, summary.heads, theme);
    const float width = thumbnails_width(side, summary.heads, theme);
    const ImVec2 at = ImGui::GetCursorPos();
    ImGui::BeginGroup();
    draw_thumbnails(inner, attention, side);
    ImGui::Dummy({0.0F, theme.unit});
    draw_legend(theme, attention.scale, width, inner.say("attention weight", "어텐션 가중치"),
                inner.say("hidden: comes later", "가려짐: 뒤에 옴"));
    ImGui::EndGroup();
    ImGui::SetCursorPos({at.x + width + gap, at.y});
    ImGui::BeginGroup();
    small_heading(theme, map_title(inner, attention.map.layer, attention.map.head));
    const float used = ImGui::GetItemRectSize().y + ImGui::GetStyle().ItemSpacing.y;
    draw_attention_map(inner, attention, {size.x - width - gap, size.y - used});
    ImGui::EndGroup();
}

/// The likeliest next tokens, and what the model writes.
void draw_words(ViewContext& context, ViewContext& inner, TrainingMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    auto& next = inner.memory.of<NextMemory>();
    refresh_next(inner, next, 6);
    const float rows = 6.0F * 6.5F * theme.unit + 3.0F * theme.fonts.small->FontSize;
    draw_next_bars(inner, next, size.x, std::min(rows, 0.6F * size.y));
    ImGui::Dummy({0.0F, theme.unit});
    const auto paragraph = [&](const char* title, const std::string& prompt,
                               const std::string& text) {
        small_heading(theme, title);
        ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + size.x);
        ImGui::PushFont(theme.fonts.small);
        ImGui::PushStyleColor(ImGuiCol_Text, theme.muted);
        if (!prompt.empty()) ImGui::TextUnformatted(displayable(prompt).c_str());
        ImGui::PopStyleColor();
        ImGui::TextUnformatted(displayable(text).c_str());
        ImGui::PopFont();
        ImGui::PopTextWrapPos();
    };
    ImGui::BeginGroup();
    paragraph(context.say("It goes on with your text", "내 글을 이렇게 이어 써요"), "",
              memory.moment->written);
    ImGui::EndGroup();
    if (ImGui::IsItemHovered()) {
        begin_card(theme);
        card_note(
            theme,
            context.say(
                "80 tokens drawn at temperature 0.8 and top-p 0.95, with the same "
                "chance at every checkpoint: what differs is the model.",
                "온도 0.8, top-p 0.95로 뽑은 토큰 80개예요. 체크포인트마다 같은 난수를 쓰니까 "
                "달라지는 것은 모델뿐이에요."),
            80.0F * theme.unit);
        end_card();
    }
    const LoggedSample* sample = newest_until(memory.snapshot->log.samples, memory.moment->step);
    if (sample == nullptr) return;
    ImGui::Dummy({0.0F, theme.unit});
    ImGui::BeginGroup();
    paragraph(context.say("Its own sample, from the log", "학습하면서 남긴 글"), "",
              sample->prompt + sample->text);
    ImGui::EndGroup();
    if (ImGui::IsItemHovered()) {
        begin_card(theme);
        card_heading(theme, context.say("Step ", "걸음 ") + count_text(sample->step));
        card_note(theme,
                  context.say("Written while it was trained, to go on with a prompt of the recipe.",
                              "학습하는 동안 레시피에 적힌 첫말을 이어 쓴 글이에요."),
                  80.0F * theme.unit);
        end_card();
    }
}

}  // namespace

void draw_training_track(ViewContext& context, TrainingMemory& memory) {
    const Theme& theme = context.theme;
    refresh_moment(context, memory);
    const TrainingSnapshot& snapshot = *memory.snapshot;
    const auto count = static_cast<Index>(snapshot.models.size());
    Index chosen = chosen_model(memory);
    if (count == 0 && snapshot.state == RunState::recorded) {
        explain(theme, context.say("This run kept no checkpoints on the way.",
                                   "이 학습은 도중의 체크포인트를 남기지 않았어요."));
        return;
    }
    if (count == 0) {
        explain(theme,
                context.say("The first checkpoint is on its way: then you see here what the "
                            "model makes of the text in the box.",
                            "곧 첫 체크포인트가 생겨요. 그러면 모델이 상자 속의 글을 어떻게 읽는지 "
                            "여기에 보여요."));
        return;
    }
    play(context, memory, chosen, count);
    if (action_button(theme,
                      memory.playing ? context.say("Halt", "멈춤") : context.say("Play", "재생"))) {
        memory.playing = !memory.playing;
        memory.play_at = ImGui::GetTime() + seconds_a_checkpoint;
        if (memory.playing && chosen + 1 == count) choose_model(memory, 0);
    }
    hover_note(theme, context.say("Walks through the checkpoints, from the first to the newest.",
                                  "첫 체크포인트부터 가장 새것까지 차례로 보여 줘요."));
    ImGui::SameLine(0.0F, 2.0F * theme.unit);
    std::vector<Index> stops;
    for (const SavedModel& each : snapshot.models) stops.push_back(each.step);
    TrackInput input;
    input.id = "checkpoints";
    input.stops = stops;
    input.total = std::max<Index>({snapshot.log.total_steps, stops.back(), 1});
    input.done = std::max(snapshot.log.last_step(), stops.back());
    input.chosen = chosen_model(memory);
    input.width = ImGui::GetContentRegionAvail().x;
    const TrackAnswer answer = draw_track(theme, input);
    if (answer.chosen >= 0) {
        memory.playing = false;
        choose_model(memory, answer.chosen);
    }
    if (answer.seen >= 0) draw_stop_card(context, memory, answer);
}

void draw_training_moment(ViewContext& context, TrainingMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    if (memory.snapshot->models.empty()) return;
    if (!memory.moment_problem.empty()) wrapped(displayable(memory.moment_problem), theme.bad);
    if (!memory.moment) {
        if (memory.moment_problem.empty())
            explain(theme,
                    context.say("The checkpoint is being read.", "체크포인트를 읽고 있어요."));
        return;
    }
    const float top = ImGui::GetCursorPosY();
    ImGui::PushFont(theme.fonts.bold);
    ImGui::TextUnformatted(moment_title(context, memory).c_str());
    ImGui::PopFont();
    if (memory.moment->run->positions() == 0) return;
    size.y -= ImGui::GetCursorPosY() - top;
    ViewContext inner = inner_context(context, memory);
    const float gap = 5.0F * theme.unit;
    const bool narrow = size.x < 150.0F * theme.unit;
    const float words = narrow ? size.x : std::min(0.36F * size.x, 100.0F * theme.unit);
    const ImVec2 at = ImGui::GetCursorPos();
    draw_maps(inner, {narrow ? size.x : size.x - words - gap, size.y});
    if (!narrow) ImGui::SetCursorPos({at.x + size.x - words, at.y});
    ImGui::BeginGroup();
    draw_words(context, inner, memory, {words, size.y});
    ImGui::EndGroup();
}

}  // namespace vitrine::viz

// The merge replay: from single bytes to tokens, one rule at a time.
#include <algorithm>
#include <cstdio>

#include "viz/views/tokens_parts.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

constexpr float seconds_per_merge = 0.35F;

/// Moves on by one merge every so often while it plays; a long text plays faster.
void play(ViewContext& context, TokensMemory& memory, int merges) {
    if (!memory.playing) return;
    memory.since_step += ImGui::GetIO().DeltaTime;
    const float pace = std::min(seconds_per_merge, 30.0F / static_cast<float>(std::max(merges, 1)));
    while (memory.since_step >= pace && memory.merges_done < merges) {
        memory.since_step -= pace;
        ++memory.merges_done;
    }
    if (memory.merges_done >= merges) memory.playing = false;
    context.wishes.animate = memory.playing;
}

void refresh_state(TokensMemory& memory) {
    if (memory.state_of == memory.merges_done) return;
    memory.state_of = memory.merges_done;
    memory.state = memory.replay.after(memory.merges_done);
    memory.state_labels.clear();
    for (const std::string& piece : memory.state.pieces) {
        memory.state_labels.push_back(displayable(visible_text(piece)));
    }
}

void draw_buttons(ViewContext& context, TokensMemory& memory, int merges) {
    const Theme& theme = context.theme;
    if (action_button(theme, memory.playing ? context.say("Pause", "잠깐 멈춤")
                                            : context.say("Play", "재생"))) {
        if (!memory.playing && memory.merges_done >= merges) memory.merges_done = 0;
        memory.playing = !memory.playing;
        memory.since_step = 0.0F;
    }
    ImGui::SameLine(0.0F, 1.5F * theme.unit);
    if (action_button(theme, "‹##back", false, memory.merges_done > 0)) --memory.merges_done;
    ImGui::SameLine(0.0F, 1.5F * theme.unit);
    if (action_button(theme, "›##on", false, memory.merges_done < merges)) ++memory.merges_done;
    ImGui::SameLine(0.0F, 2.0F * theme.unit);
    ImGui::SetNextItemWidth(std::max(30.0F * theme.unit, ImGui::GetContentRegionAvail().x));
    const char* format = context.say("merge %d", "병합 %d번");
    if (ImGui::SliderInt("##merges", &memory.merges_done, 0, merges, format,
                         ImGuiSliderFlags_AlwaysClamp)) {
        memory.playing = false;
    }
    memory.merges_done = std::clamp(memory.merges_done, 0, merges);
    memory.follow = memory.merges_done == merges;
}

std::string rule_sentence(const ViewContext& context, const TokensMemory& memory) {
    const ReplayState& state = memory.state;
    if (state.joined < 0) {
        return context.say("Nothing is joined yet: every piece is one byte.",
                           "아직 아무것도 합치지 않았어요. 조각마다 한 바이트예요.");
    }
    const auto show = [&](const std::string& raw) { return displayable(visible_text(raw)); };
    const std::string pair =
        show(state.left) + " + " + show(state.right) + " → " + show(state.left + state.right);
    const std::string rank = count_text(state.rank);
    const std::string all = count_text(memory.run->model->tokenizer->merges());
    return context.language == Language::korean ? pair + "   (규칙 " + all + "개 중 " + rank + "번)"
                                                : pair + "   (rule " + rank + " of " + all + ")";
}

}  // namespace

void draw_replay(ViewContext& context, TokensMemory& memory) {
    const Theme& theme = context.theme;
    ImGui::PushFont(theme.fonts.bold);
    ImGui::TextUnformatted(context.say("How the pieces came together", "조각이 합쳐지는 과정"));
    ImGui::PopFont();
    if (!memory.replay_error.empty()) {
        explain(theme, memory.replay_error.c_str());
        return;
    }
    const int merges = static_cast<int>(memory.replay.merges());
    if (merges == 0) {
        explain(theme, context.say("There is nothing to join in this text.",
                                   "이 글에는 합칠 조각이 없어요."));
        return;
    }
    explain(theme,
            context.say("A tokenizer starts from bytes and joins the pair whose rule comes "
                        "first, again and again, within each word.",
                        "토크나이저는 바이트에서 시작해요. 낱말마다, 순위가 가장 앞선 규칙의 짝을 "
                        "하나씩 합쳐요."));
    play(context, memory, merges);
    if (memory.follow && !memory.playing) memory.merges_done = merges;
    draw_buttons(context, memory, merges);
    refresh_state(memory);
    ImGui::TextUnformatted(rule_sentence(context, memory).c_str());
    ImGui::Dummy({0.0F, 0.5F * theme.unit});
    ChipsInput input;
    input.id = "replay";
    input.labels = memory.state_labels;
    input.colours = &memory.state.groups;
    input.chosen = memory.state.joined;
    input.font = theme.fonts.small;
    input.width = ImGui::GetContentRegionAvail().x;
    const ChipsAnswer answer = draw_chips(theme, input, memory.replay_chips);
    if (answer.seen < 0 || answer.seen >= static_cast<Index>(memory.state.pieces.size())) return;
    const auto seen = static_cast<std::size_t>(answer.seen);
    answer.by_keyboard ? begin_card_at(theme, {answer.low.x, answer.high.y + theme.unit})
                       : begin_card(theme);
    card_heading(theme, memory.state_labels[seen]);
    card_row(theme, context.say("Bytes", "바이트"), hex_bytes(memory.state.pieces[seen]),
             20.0F * theme.unit);
    card_note(theme,
              context.say("Click to go to the end of this word.",
                          "누르면 이 낱말이 다 합쳐진 때로 가요."),
              70.0F * theme.unit);
    end_card();
    if (answer.clicked >= 0) {
        memory.merges_done = static_cast<int>(memory.replay.end_of(memory.state.groups[seen]));
        memory.playing = false;
        memory.follow = memory.merges_done == merges;
    }
}

}  // namespace vitrine::viz

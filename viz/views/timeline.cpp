#include "viz/views/timeline.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/views/next_parts.h"
#include "viz/views/states.h"
#include "viz/views/timeline_parts.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/keys.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

constexpr float seconds_a_token = 0.45F;

void refresh(ViewContext& context, TimelineMemory& memory) {
    if (!take_shown(context, memory.shown)) return;
    memory.listed = -1;
    memory.state_bytes = state_bytes(*context.run->model->language());
}

/// The numbers of every position take longer than a frame; false until they are there.
bool fetch_moments(ViewContext& context, TimelineMemory& memory) {
    const auto answer = context.background.ask<std::vector<Moment>>(
        "moments", context.run->serial, [run = context.run](const std::stop_token&) {
            return std::make_shared<const std::vector<Moment>>(moments_of(*run));
        });
    if (!answer.value || answer.id != context.run->serial) return false;
    memory.moments = answer.value;
    memory.highest = 0.05;
    for (std::size_t t = 1; t < answer.value->size(); ++t)
        memory.highest = std::max(memory.highest, (*answer.value)[t].probability);
    return true;
}

/// What could have come at this position, the token that came marked.
void list_candidates(TimelineMemory& memory, Index chosen) {
    if (memory.listed == chosen) return;
    memory.listed = chosen;
    memory.candidates.clear();
    if (chosen == 0) return;
    const Run& run = *memory.shown->run;
    const auto V = static_cast<Index>(run.logits.shape()[1]);
    const int came = run.encoding.ids[static_cast<std::size_t>(chosen)];
    const std::span<const Real> logits(run.logits.data() + (chosen - 1) * V,
                                       static_cast<std::size_t>(V));
    const Distribution all = next_distribution(logits, {}, Sampling{}, 7, came);
    bool listed = false;
    const auto add = [&](int id, double probability) {
        Bar bar;
        bar.label = token_text(run, id);
        bar.value = probability;
        bar.number = percent_text(probability);
        bar.strong = id == came;
        memory.candidates.push_back(std::move(bar));
        listed = listed || id == came;
    };
    for (const Candidate& each : all.likeliest) add(each.id, each.model);
    if (!listed) add(came, all.actual_probability);
}

void cut_text(ViewContext& context, const TimelineMemory& memory, Index chosen) {
    const std::size_t end = memory.shown->tokens.bytes[static_cast<std::size_t>(chosen)][1];
    context.wishes.set_text = memory.shown->run->text.substr(0, end);
    context.wishes.has_set_text = true;
}

/// Play, back, forward, cut.
void draw_buttons(ViewContext& context, TimelineMemory& memory, Index chosen, Index last) {
    const Theme& theme = context.theme;
    const auto choose = [&](Index position) {
        context.stage.position = std::clamp<Index>(position, 0, last);
    };
    if (action_button(theme,
                      memory.playing ? context.say("Pause", "멈춤") : context.say("Play", "재생"),
                      true)) {
        memory.playing = !memory.playing;
        memory.since_step = 0.0F;
        if (memory.playing && chosen == last) choose(0);
    }
    same_line_if_fits(theme, button_width(context.say("Back", "뒤로")));
    if (action_button(theme, context.say("Back", "뒤로"), false, chosen > 0)) choose(chosen - 1);
    same_line_if_fits(theme, button_width(context.say("On", "앞으로")));
    if (action_button(theme, context.say("On", "앞으로"), false, chosen < last)) choose(chosen + 1);
    const char* cut = context.say("Rewind the text to here", "글을 여기까지 되감기");
    same_line_if_fits(theme, button_width(cut));
    if (action_button(theme, cut, false, chosen < last && chosen > 0))
        cut_text(context, memory, chosen);
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    memory.rewind = {0.5F * (low.x + high.x), 0.5F * (low.y + high.y)};
    const char* write = context.say("Write on", "이어 쓰기");
    same_line_if_fits(theme, button_width(write));
    if (context.generation.running) {
        if (action_button(theme, context.say("Stop", "그만"))) context.wishes.stop = true;
    } else if (action_button(theme, write)) {
        context.wishes.generate = true;
        context.stage.position = -1;
    }
    const char* look = context.say("Its attention", "어텐션 보기");
    same_line_if_fits(theme, button_width(look));
    if (action_button(theme, look)) {
        const std::string at = std::to_string(chosen);
        context.wishes.open_link = "view:attention?layer=" + std::to_string(context.stage.layer) +
                                   "&head=" + std::to_string(context.stage.head) + "&query=" + at +
                                   "&position=" + at;
    }
}

void draw_moment_card(ViewContext& context, const TimelineMemory& memory, Index t) {
    const Theme& theme = context.theme;
    const Moment& moment = (*memory.moments)[static_cast<std::size_t>(t)];
    const float column = 30.0F * theme.unit;
    begin_card(theme);
    card_heading(theme,
                 std::to_string(t) + "  " + memory.shown->labels[static_cast<std::size_t>(t)]);
    if (t == 0) {
        card_note(theme,
                  context.say("The first: nothing stood before it.",
                              "첫 토큰이라 앞에 아무것도 없었어요."),
                  60.0F * theme.unit);
    } else {
        char text[32];
        card_row(theme, context.say("Probability", "확률"), percent_text(moment.probability),
                 column);
        card_row(theme, context.say("Rank", "순위"), count_text(moment.rank), column);
        std::snprintf(text, sizeof text, context.say("%.1f bits", "%.1f비트"),
                      -std::log2(moment.probability));
        card_row(theme, context.say("Surprise", "놀라움"), text, column);
        std::snprintf(text, sizeof text, context.say("%.1f bits", "%.1f비트"), moment.entropy);
        card_row(theme, context.say("Open choice", "열린 정도"), text, column);
    }
    end_card();
}

/// A column for each token, as high as it was likely.
void draw_columns(ViewContext& context, TimelineMemory& memory, Index chosen, ImVec2 size) {
    const Theme& theme = context.theme;
    const Index T = memory.shown->run->positions();
    const float least = 9.0F * theme.unit;
    const Index count = std::min<Index>(T, std::max<Index>(1, static_cast<Index>(size.x / least)));
    const Index end = std::clamp<Index>(chosen + count / 2, count - 1, T - 1);
    const Index first = end + 1 - count;
    const float column = std::min(size.x / static_cast<float>(count), 22.0F * theme.unit);
    const float label = theme.fonts.small->FontSize + theme.unit;
    const float high = size.y - label - theme.fonts.small->FontSize - theme.unit;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const bool pressed =
        ImGui::InvisibleButton("moments", {column * static_cast<float>(count), size.y});
    const bool hovered = ImGui::IsItemHovered();
    if (shows_key_focus())
        list->AddRect(ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), theme.accent, theme.radius);
    if (has_key_focus()) {
        if (const ArrowStep step = arrow_step()) {
            context.stage.position = std::clamp<Index>(chosen + step.x, 0, T - 1);
            keep_focus_here();
        }
    }
    const float base = at.y + size.y - label;
    for (Index t = first; t <= end; ++t) {
        const Moment& moment = (*memory.moments)[static_cast<std::size_t>(t)];
        const float x = at.x + static_cast<float>(t - first) * column;
        const bool is_chosen = t == chosen, is_later = t > chosen;
        const float height =
            t == 0 ? 0.0F : high * static_cast<float>(moment.probability / memory.highest);
        const ImU32 colour = is_chosen ? theme.accent : is_later ? theme.border : theme.muted;
        list->AddRectFilled({x + theme.unit, base - std::max(height, 1.0F)},
                            {x + column - theme.unit, base}, colour, 2.0F);
        ImFont* font = theme.fonts.small;
        if (t > 0 && column > 10.0F * theme.unit) {
            const std::string share = percent_text(moment.probability);
            const std::string number = elided(font, share, column - 2.0F);
            list->AddText(font, font->FontSize,
                          {x + 0.5F * (column - text_width(font, number)),
                           base - std::max(height, 1.0F) - font->FontSize - 1.0F},
                          is_chosen ? theme.accent : theme.muted, number.c_str());
        }
        const std::string name =
            elided(font, memory.shown->labels[static_cast<std::size_t>(t)], column - theme.unit);
        list->AddText(font, font->FontSize,
                      {x + 0.5F * (column - text_width(font, name)), base + 0.5F * theme.unit},
                      is_chosen  ? theme.accent
                      : is_later ? theme.muted
                                 : theme.text,
                      name.c_str());
        if (!hovered || ImGui::GetIO().MousePos.x < x || ImGui::GetIO().MousePos.x >= x + column)
            continue;
        context.stage.hovered_position = t;
        if (pressed) context.stage.position = t;
        draw_moment_card(context, memory, t);
    }
    list->AddLine({at.x, base}, {at.x + column * static_cast<float>(count), base}, theme.border);
}

void play(ViewContext& context, TimelineMemory& memory, Index chosen, Index last) {
    if (!memory.playing) return;
    context.wishes.animate = true;
    memory.since_step += ImGui::GetIO().DeltaTime;
    if (memory.since_step < seconds_a_token) return;
    memory.since_step = 0.0F;
    if (chosen >= last) {
        memory.playing = false;
    } else {
        context.stage.position = chosen + 1;
    }
}

void draw_choice(ViewContext& context, TimelineMemory& memory, Index chosen, float width) {
    const Theme& theme = context.theme;
    char text[128];
    std::snprintf(text, sizeof text,
                  context.say("What could have come instead of %s", "%s 대신 올 수 있던 토큰"),
                  memory.shown->labels[static_cast<std::size_t>(chosen)].c_str());
    card_heading(theme, text);
    if (chosen == 0) {
        explain(theme, context.say("Nothing stood before the first token.",
                                   "첫 토큰 앞에는 아무것도 없었어요."));
        return;
    }
    BarsInput input;
    input.id = "instead";
    input.bars = memory.candidates;
    input.width = width;
    input.row = 5.5F * theme.unit;
    input.full = 0.05;
    for (const Bar& bar : memory.candidates) input.full = std::max(input.full, bar.value);
    input.label_title = context.say("token", "토큰");
    input.number_title = context.say("probability", "확률");
    draw_bars(theme, input, memory.bars);
}

}  // namespace

void draw_timeline(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context) || draw_without_language(context)) return;
    auto& memory = context.memory.of<TimelineMemory>();
    refresh(context, memory);
    const bool counted = fetch_moments(context, memory);
    explain(theme,
            context.say("A text is written one token at a time. Each column is how likely the "
                        "model found the token that came. Go back to any moment: all views "
                        "follow.",
                        "글은 토큰을 하나씩 이어 쓴 거예요. 기둥의 높이는 그 토큰이 얼마나 "
                        "그럴듯했는지예요. 어느 순간으로든 돌아가 보세요. 다른 화면도 함께 "
                        "따라가요."));
    const Index last = memory.shown->run->positions() - 1;
    const Index chosen = context.stage.position < 0 ? last : std::min(context.stage.position, last);
    play(context, memory, chosen, last);
    list_candidates(memory, chosen);
    draw_buttons(context, memory, chosen, last);
    ImGui::Dummy({0.0F, theme.unit});
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const ImVec2 columns{room.x,
                         std::clamp(0.34F * room.y, 24.0F * theme.unit, 60.0F * theme.unit)};
    if (counted) {
        draw_columns(context, memory, chosen, columns);
    } else {
        ImGui::Dummy(columns);
    }
    ImGui::Dummy({0.0F, 2.0F * theme.unit});
    const bool narrow = room.x < 130.0F * theme.unit;
    const float gap = 6.0F * theme.unit;
    const float width = narrow ? room.x : 0.5F * (room.x - gap);
    const ImVec2 top = ImGui::GetCursorPos();
    ImGui::BeginGroup();
    draw_choice(context, memory, chosen, width);
    ImGui::EndGroup();
    if (!narrow) ImGui::SetCursorPos({top.x + width + gap, top.y});
    ImGui::BeginGroup();
    ImGui::PushTextWrapPos((narrow ? top.x : top.x + width + gap) + width);
    draw_cache(context, memory, chosen, {width, 40.0F * theme.unit});
    ImGui::PopTextWrapPos();
    ImGui::EndGroup();
}

}  // namespace vitrine::viz

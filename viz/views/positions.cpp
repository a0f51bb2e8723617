#include "viz/views/positions.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "viz/views/positions_parts.h"
#include "viz/views/states.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

constexpr float seconds_per_position = 0.16F;
constexpr std::array<const char*, 4> way_names{"sinusoidal", "rotary", "learned", "bias"};

/// A link that names a way is followed once; afterwards the buttons decide.
void follow_link(ViewContext& context, PositionsMemory& memory) {
    if (memory.way_of_link == context.stage.way) return;
    memory.way_of_link = context.stage.way;
    const bool from_run = context.stage.way == "rotary-run";
    const auto found = std::find(way_names.begin(), way_names.end(),
                                 from_run ? std::string("rotary") : context.stage.way);
    if (found == way_names.end()) return;
    memory.way = static_cast<int>(found - way_names.begin());
    memory.rotary.from_run = from_run;
    if (from_run) move_into_text(context, memory);
}

void draw_ways(ViewContext& context, PositionsMemory& memory) {
    const std::array<const char*, 4> names{
        context.say("Sinusoidal", "사인파"), context.say("Rotary", "회전"),
        context.say("Learned", "학습"), context.say("T5 and ALiBi", "T5와 ALiBi")};
    if (segmented(context.theme, "way", names, memory.way)) {
        memory.playing = false;
        context.stage.way = memory.way_of_link = way_names[static_cast<std::size_t>(memory.way)];
    }
}

const char* way_sentence(const ViewContext& context, PositionWay way, bool has_rows) {
    switch (way) {
        case PositionWay::sinusoidal:
            return context.say(
                "The 2017 transformer adds a row of sines and cosines to each token's vector. Fast "
                "waves on the left, slow ones on the right: together they tell the time, like "
                "the hands of a clock. A formula, not weights: 64 dimensions of it.",
                "2017년 트랜스포머는 토큰 벡터에 사인과 코사인 한 줄을 더해요. 왼쪽은 빠른 물결, "
                "오른쪽은 느린 물결이고, 시곗바늘처럼 함께 위치를 알려 줘요. 학습한 값이 아니라 "
                "공식이에요. 여기서는 64차원이에요.");
        case PositionWay::rotary:
            return context.say(
                "Llama turns queries and keys: each pair of numbers is an arrow, and every "
                "position turns it further. The score then depends on the distance alone.",
                "Llama는 쿼리와 키를 돌려요. 수 두 개가 화살표 하나이고, 위치가 하나 늘 때마다 더 "
                "돌아요. 그래서 점수는 거리에만 달려 있어요.");
        case PositionWay::learned:
            if (!has_rows) {
                return context.say(
                    "GPT-2 adds a learned row to each token's vector, one for each position.",
                    "GPT-2는 위치마다 하나씩 학습한 줄을 토큰 벡터에 더해요.");
            }
            return context.say(
                "GPT-2 adds a learned row to each token's vector, one for each position. These are "
                "the weights of the model on the stage: nobody wrote the pattern, training found "
                "it.",
                "GPT-2는 위치마다 하나씩 학습한 줄을 토큰 벡터에 더해요. 무대 위 모델의 실제 "
                "가중치예요. 이 무늬는 아무도 적어 넣지 않았고 학습이 찾아냈어요.");
        case PositionWay::bias: break;
    }
    return context.say(
        "T5 and ALiBi leave the vectors alone and add a number to each score, by the distance from "
        "query to key. T5 learns one number for each bucket of distances; ALiBi takes a slope.",
        "T5와 ALiBi는 벡터를 그대로 두고, 쿼리와 키의 거리에 따라 점수에 수를 더해요. T5는 거리를 "
        "나눠 담은 통마다 수 하나를 배우고, ALiBi는 기울기를 써요.");
}

/// "Position: ·king", "Position: behind your text"
std::string position_caption(const ViewContext& context, const PositionsMemory& memory) {
    const auto i = static_cast<std::size_t>(memory.position);
    const std::string what = i < memory.tokens.size()
                                 ? memory.tokens[i]
                                 : context.say("behind your text", "글이 끝난 뒤");
    const bool key = memory.way == static_cast<int>(PositionWay::rotary);
    return std::string(key ? context.say("Key at: ", "키 위치: ")
                           : context.say("Position: ", "위치: ")) +
           what;
}

void play(ViewContext& context, PositionsMemory& memory) {
    if (!memory.playing) return;
    memory.since_step += ImGui::GetIO().DeltaTime;
    while (memory.since_step >= seconds_per_position) {
        memory.since_step -= seconds_per_position;
        choose_position(context, memory, (memory.position + 1) % position_count(memory));
    }
    context.wishes.animate = true;
}

/// The slider of the position, and what else the way can be asked.
void draw_controls(ViewContext& context, PositionsMemory& memory, float width) {
    const Theme& theme = context.theme;
    const auto way = static_cast<PositionWay>(memory.way);
    const float gap = 4.0F * theme.unit;
    const float top = ImGui::GetCursorPosY();
    const char* label =
        memory.playing ? context.say("Pause", "잠깐 멈춤") : context.say("Play", "재생");
    const float button = button_width(context.say("Pause", "잠깐 멈춤"));
    const bool two = way != PositionWay::learned;
    const float slider = std::floor((width - button) / (two ? 2.0F : 1.0F) - gap) - 1.0F;
    if (way == PositionWay::bias) {
        int head = static_cast<int>(memory.bias.head);
        if (captioned_slider(theme, "##head", context.say("Head", "헤드"), head, 0,
                             static_cast<int>(memory.bias.heads) - 1, "%d", width)) {
            memory.bias.head = head;
        }
        return;
    }
    int position = static_cast<int>(memory.position);
    const std::string caption =
        elided(theme.fonts.small, position_caption(context, memory), slider - 8.0F * theme.unit);
    if (captioned_slider(theme, "##position", caption.c_str(), position, 0,
                         static_cast<int>(position_count(memory)) - 1, "%d", slider)) {
        memory.playing = false;
        choose_position(context, memory, position);
    }
    ImGui::SameLine(0.0F, gap);
    if (way == PositionWay::sinusoidal) {
        int pair = static_cast<int>(memory.sinusoidal.pair);
        if (captioned_slider(theme, "##pair", context.say("Pair of dimensions", "차원 짝"), pair, 0,
                             static_cast<int>(sinusoidal_width) / 2 - 1, "%d", slider)) {
            memory.sinusoidal.pair = pair;
        }
        ImGui::SameLine(0.0F, gap);
    } else if (way == PositionWay::rotary) {
        int distance = static_cast<int>(memory.rotary.distance);
        if (captioned_slider(
                theme, "##distance",
                elided(theme.fonts.small, context.say("Steps to the query", "쿼리까지의 거리"),
                       slider - 6.0F * theme.unit)
                    .c_str(),
                distance, 0, static_cast<int>(memory.shown) - 1, "%d", slider)) {
            memory.rotary.distance = distance;
        }
        ImGui::SameLine(0.0F, gap);
    }
    // The button stands beside the sliders, not beside their captions.
    const float below = theme.fonts.small->FontSize + ImGui::GetStyle().ItemSpacing.y;
    ImGui::SetCursorPosY(top + below);
    if (action_button(theme, (std::string(label) + "##play").c_str())) {
        memory.playing = !memory.playing;
        memory.since_step = 0.0F;
    }
    ImGui::SetCursorPosY(top + below + ImGui::GetFrameHeightWithSpacing());
}

}  // namespace

void draw_title(const Theme& theme, const std::string& title, const std::string& note,
                float width) {
    ImGui::PushFont(theme.fonts.bold);
    ImGui::TextUnformatted(elided(theme.fonts.bold, title, width).c_str());
    ImGui::PopFont();
    ImGui::PushFont(theme.fonts.small);
    ImGui::PushStyleColor(ImGuiCol_Text, theme.muted);
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
    ImGui::TextUnformatted(note.c_str());
    ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
    ImGui::PopFont();
}

TwoParts place_parts(const Theme& theme, ImVec2 size, float share, float second) {
    TwoParts parts;
    parts.at = ImGui::GetCursorPos();
    parts.below = size.x < 150.0F * theme.unit;
    if (parts.below) {
        parts.first = {size.x, 78.0F * theme.unit};
        parts.second = {size.x, second * theme.unit};
        return parts;
    }
    const float gap = 5.0F * theme.unit, height = size.y - theme.unit;
    // Whole pixels: half a one too much would make the view scroll sideways.
    parts.first = {std::floor(share * (size.x - gap)), height};
    parts.second = {std::floor(size.x - gap - parts.first.x), height};
    return parts;
}

void go_to_second(const Theme& theme, const TwoParts& parts) {
    if (parts.below) {
        ImGui::Dummy({0.0F, 2.0F * theme.unit});
    } else {
        ImGui::SetCursorPos({parts.at.x + parts.first.x + 5.0F * theme.unit, parts.at.y});
    }
}

void draw_positions(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context)) return;
    PositionsMemory& memory = context.memory.of<PositionsMemory>();
    refresh(context, memory);
    follow_link(context, memory);
    refresh(context, memory);
    play(context, memory);
    draw_ways(context, memory);
    const auto way = static_cast<PositionWay>(memory.way);
    explain(theme, way_sentence(context, way, memory.learned.exists));
    const bool nothing = way == PositionWay::learned && !memory.learned.table;
    if (!nothing) {
        draw_controls(context, memory, ImGui::GetContentRegionAvail().x);
        ImGui::Dummy({0.0F, theme.unit});
    }
    refresh(context, memory);  // what the controls have changed is drawn in this frame
    const ImVec2 room = ImGui::GetContentRegionAvail();
    switch (way) {
        case PositionWay::sinusoidal: draw_sinusoidal(context, memory, room); break;
        case PositionWay::rotary: draw_rotary(context, memory, room); break;
        case PositionWay::learned: draw_learned(context, memory, room); break;
        case PositionWay::bias: draw_bias(context, memory, room); break;
    }
}

}  // namespace vitrine::viz

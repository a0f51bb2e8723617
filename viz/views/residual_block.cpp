// The first page of the residual view: what each branch adds, and one block unfolded.
#include <algorithm>
#include <cmath>

#include "viz/views/residual_parts.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

/// What a cosine means, in words.
const char* direction_words(const ViewContext& context, double cosine) {
    if (cosine > 0.3) {
        return context.say("the same way as the stream: it makes it longer",
                           "흐름과 같은 쪽이에요. 흐름을 더 길게 해요.");
    }
    if (cosine < -0.3) {
        return context.say("against the stream: it takes something away",
                           "흐름과 반대쪽이에요. 흐름에서 무언가를 덜어 내요.");
    }
    return context.say("across the stream: something new",
                       "흐름을 가로지르는 쪽이에요. 새로운 것을 더해요.");
}

void draw_branch_card(const ViewContext& context, const ResidualMemory& memory,
                      const ValueTableAnswer& answer) {
    const Theme& theme = context.theme;
    const auto i = static_cast<std::size_t>(answer.seen);
    const BranchStep& step = memory.branches[i];
    const float column = 34.0F * theme.unit;
    begin_card_at(theme, {answer.low.x + 16.0F * theme.unit, answer.high.y + theme.unit});
    card_heading(theme, memory.rows[i].label);
    card_row(theme, context.say("Length of the stream", "흐름의 길이"), two_decimals(step.stream),
             column);
    card_row(theme, context.say("Length of what it adds", "더하는 값의 길이"),
             two_decimals(step.added), column);
    card_row(theme, context.say("Cosine between them", "둘 사이의 코사인"),
             two_decimals(step.cosine), column);
    card_note(theme, direction_words(context, step.cosine), 80.0F * theme.unit);
    card_note(theme, context.say("Click to unfold its block.", "누르면 그 블록을 펼쳐요."),
              80.0F * theme.unit);
    end_card();
}

/// One pixel a number, a row of pixels a step; where there are more numbers than pixels, the one
/// furthest from 0.
Image paint_strips(const ResidualMemory& memory, const Theme& theme, int pixels) {
    const auto C = static_cast<int>(memory.strips.front().values.size());
    const int width = std::clamp(pixels, 1, C);
    Image image(width, static_cast<int>(memory.strips.size()));
    for (int y = 0; y < image.height; ++y) {
        const std::span<const Real> values = memory.strips[static_cast<std::size_t>(y)].values;
        for (int x = 0; x < width; ++x) {
            const auto begin = values.begin() + x * C / width;
            const auto end = values.begin() + std::max((x + 1) * C / width, x * C / width + 1);
            const Real shown = *std::max_element(
                begin, end, [](Real a, Real b) { return std::abs(a) < std::abs(b); });
            image.at(x, y) = theme.diverging(shown / memory.limit);
        }
    }
    return image;
}

void draw_strip_card(const ViewContext& context, const ResidualMemory& memory,
                     const BlockStrip& strip, float part) {
    const Theme& theme = context.theme;
    const float column = 26.0F * theme.unit;
    begin_card(theme);
    card_heading(theme, memory.tower().prefix() + "blocks." + std::to_string(memory.layer) + "." +
                            strip.step->name);
    if (part >= 0.0F && part < 1.0F) {
        const auto C = static_cast<float>(strip.values.size());
        const auto dimension = static_cast<std::size_t>(part * C);
        card_row(theme, context.say("Dimension", "차원"), std::to_string(dimension), column);
        card_row(theme, context.say("Value", "값"),
                 number_text(static_cast<double>(strip.values[dimension])), column);
    }
    card_note(theme,
              context.say("Click to see it for all tokens.", "누르면 모든 토큰에서 볼 수 있어요."),
              70.0F * theme.unit);
    end_card();
}

/// "mean 0.06   deviation 0.09   length 1.67"
std::string numbers_of(const ViewContext& context, const RowNumbers& numbers) {
    return std::string(context.say("mean ", "평균 ")) + two_decimals(numbers.mean) +
           context.say("   deviation ", "   편차 ") + two_decimals(numbers.deviation) +
           context.say("   length ", "   길이 ") + two_decimals(numbers.length);
}

void draw_strip(ViewContext& context, ResidualMemory& memory, std::size_t i, float width,
                float height) {
    const Theme& theme = context.theme;
    const BlockStrip& strip = memory.strips[i];
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImFont* font = theme.fonts.small;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float line = font->FontSize + 0.75F * theme.unit;
    const std::string id = std::string("strip ") + strip.step->name;
    const bool pressed = ImGui::InvisibleButton(id.c_str(), {width, line + height});
    const bool seen = ImGui::IsItemHovered() || ImGui::IsItemFocused();
    const std::string numbers = numbers_of(context, strip.numbers);
    const float wide = text_width(font, numbers);
    const std::string name = elided(font, context.say(strip.step->english, strip.step->korean),
                                    width - wide - 2.0F * theme.unit);
    list->AddText(font, font->FontSize, at, theme.text, name.c_str());
    list->AddText(font, font->FontSize, {at.x + width - wide, at.y}, theme.muted, numbers.c_str());
    const ImVec2 low{at.x, at.y + line}, high{at.x + width, at.y + line + height};
    memory.strip_lows[i] = low;
    const auto rows = static_cast<float>(memory.strips.size());
    const auto row = static_cast<float>(i);
    list->AddImage(memory.strip_picture.id(), low, high, {0.0F, row / rows},
                   {1.0F, (row + 1.0F) / rows});
    list->AddRect(low, high, seen ? theme.accent : theme.border);
    if (ImGui::IsItemHovered()) {
        draw_strip_card(context, memory, strip, (ImGui::GetIO().MousePos.x - low.x) / width);
    }
    if (!pressed) return;
    context.wishes.open_link = "view:activations?layer=" + std::to_string(memory.layer) +
                               "&step=" + strip.step->name +
                               "&position=" + std::to_string(memory.position);
}

}  // namespace

void draw_branches(ViewContext& context, ResidualMemory& memory, float width) {
    const Theme& theme = context.theme;
    small_heading(theme, context.say("What each branch adds", "가지마다 더하는 값"));
    caption(theme,
            context.say("Lengths, and the direction of what is added: 1 the same as the stream, 0 "
                        "across, -1 against.",
                        "길이, 그리고 더하는 값의 방향이에요. 1은 흐름과 같은 쪽, 0은 가로지르는 "
                        "쪽, -1은 반대쪽이에요."),
            width);
    ImGui::Dummy({0.0F, 0.5F * theme.unit});
    for (std::size_t i = 0; i < memory.rows.size(); ++i) {
        memory.rows[i].marked = memory.branches[i].layer == memory.layer;
    }
    ValueTableInput input;
    input.id = "branches";
    input.label_title = context.say("block", "블록");
    input.columns = memory.columns;
    input.rows = memory.rows;
    input.width = width;
    input.row = 6.0F * theme.unit;
    const ValueTableAnswer answer = draw_value_table(theme, input, memory.table);
    if (answer.clicked >= 0) {
        context.stage.layer = memory.branches[static_cast<std::size_t>(answer.clicked)].layer;
    }
    if (answer.seen >= 0) draw_branch_card(context, memory, answer);
}

void draw_block(ViewContext& context, ResidualMemory& memory, float width) {
    const Theme& theme = context.theme;
    if (memory.strips.empty()) return;
    const std::string block = std::to_string(memory.layer);
    small_heading(theme, context.language == Language::korean ? block + "번 블록 펼쳐 보기"
                                                              : "Block " + block + " unfolded");
    const std::string scale = std::string(context.say("One stripe a number: blue above 0, orange "
                                                      "below, strongest from ±",
                                                      "줄무늬 하나가 수 하나예요. 파랑은 0보다 큰 "
                                                      "수, 주황은 작은 수, 가장 짙은 색은 ±")) +
                              two_decimals(static_cast<double>(memory.limit)) +
                              context.say(" on. The same scale for all.",
                                          "부터예요. 모두 같은 "
                                          "눈금이에요.");
    caption(theme, scale, width);
    const int pixels =
        std::clamp(static_cast<int>(width), 1, static_cast<int>(memory.strips[0].values.size()));
    if (memory.strip_picture.empty() || memory.strip_picture.image().width != pixels) {
        memory.strip_picture.set(context.memory.device(), paint_strips(memory, theme, pixels));
    }
    memory.strip_lows.resize(memory.strips.size());
    // The strips share what height the window has.
    const float words =
        theme.fonts.small->FontSize + theme.unit + 2.0F * ImGui::GetStyle().ItemSpacing.y;
    const float height = std::clamp(
        ImGui::GetContentRegionAvail().y / static_cast<float>(memory.strips.size()) - words,
        4.0F * theme.unit, 9.0F * theme.unit);
    for (std::size_t i = 0; i < memory.strips.size(); ++i) {
        ImGui::Dummy({0.0F, 0.25F * theme.unit});
        draw_strip(context, memory, i, width, height);
    }
}

}  // namespace vitrine::viz

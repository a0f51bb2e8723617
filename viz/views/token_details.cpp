// One token opened: its id, bytes and place, and the letters of the Hangul syllables it holds.
#include <algorithm>

#include "text/utf8.h"
#include "viz/views/tokens_parts.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

constexpr std::size_t most_syllables = 6;  // in a card; longer words say how many more there are

std::string joined(const std::vector<std::string>& parts, const char* between) {
    std::string result;
    for (const std::string& part : parts) result += (result.empty() ? "" : between) + part;
    return result;
}

/// "#3 ‹ED 95› + #4 ‹9C›": the tokens that hold a syllable, and which of its bytes each holds.
std::string holders(const TokenizedText& text, const SyllableParts& syllable) {
    std::vector<std::string> parts;
    for (const Index t : syllable.tokens) {
        const auto [begin, end] = text.tokens.bytes[static_cast<std::size_t>(t)];
        const std::size_t from = std::max(begin, syllable.byte) - syllable.byte;
        const std::size_t to =
            std::min(end, syllable.byte + syllable.syllable.size()) - syllable.byte;
        std::string part = "#" + std::to_string(t);
        if (syllable.tokens.size() > 1) {
            part += " " + hex_bytes(std::string_view(syllable.syllable).substr(from, to - from));
        }
        parts.push_back(std::move(part));
    }
    return joined(parts, " + ");
}

/// A row for each syllable: the syllable, its letters, its bytes, the tokens that hold them.
void draw_syllables(const ViewContext& context, const TokenizedText& text,
                    const std::string& source, Index position) {
    const std::vector<SyllableParts> syllables = syllables_of(text.tokens, source, position);
    if (syllables.empty()) return;
    const Theme& theme = context.theme;
    ImGui::Dummy({0.0F, theme.unit});
    const std::size_t shown = std::min(syllables.size(), most_syllables);
    float letters = 0.0F, bytes = 0.0F;
    for (std::size_t i = 0; i < shown; ++i) {
        letters =
            std::max(letters, text_width(ImGui::GetFont(), joined(syllables[i].letters, " + ")));
        bytes = std::max(bytes, text_width(ImGui::GetFont(), hex_bytes(syllables[i].syllable)));
    }
    const char* titles[] = {context.say("Syllable", "글자"), context.say("Letters", "자모"),
                            context.say("Bytes", "바이트"), context.say("Held by", "담은 토큰")};
    const float gap = 4.0F * theme.unit;
    const float x0 = ImGui::GetCursorScreenPos().x;
    const float x1 = x0 + ImGui::CalcTextSize(titles[0]).x + gap;
    const float x2 = x1 + std::max(letters, ImGui::CalcTextSize(titles[1]).x) + gap;
    const float x3 = x2 + std::max(bytes, ImGui::CalcTextSize(titles[2]).x) + gap;
    const float columns[] = {x0, x1, x2, x3};
    const auto row = [&](const std::string(&cells)[4]) {
        for (int i = 0; i < 4; ++i) {
            if (i > 0) {
                ImGui::SameLine(0.0F, 0.0F);
                ImGui::SetCursorScreenPos({columns[i], ImGui::GetCursorScreenPos().y});
            }
            ImGui::TextUnformatted(cells[i].c_str());
        }
    };
    ImGui::PushStyleColor(ImGuiCol_Text, theme.muted);
    row({titles[0], titles[1], titles[2], titles[3]});
    ImGui::PopStyleColor();
    for (std::size_t i = 0; i < shown; ++i) {
        const SyllableParts& syllable = syllables[i];
        row({syllable.syllable, joined(syllable.letters, " + "), hex_bytes(syllable.syllable),
             holders(text, syllable)});
    }
    if (shown == syllables.size()) return;
    const std::string more = count_text(static_cast<Index>(syllables.size() - shown));
    card_note(
        theme,
        context.language == Language::korean ? "… 외 " + more + "글자" : "… and " + more + " more",
        60.0F * theme.unit);
}

}  // namespace

void draw_token_details(const ViewContext& context, const TokenizedText& text,
                        const std::string& source, Index position) {
    const Theme& theme = context.theme;
    const auto i = static_cast<std::size_t>(position);
    if (i >= text.encoding.ids.size()) return;
    const bool special = text.tokens.special[i];
    const std::string& raw = text.tokens.raw[i];
    const float column = 26.0F * theme.unit;
    card_heading(theme, text.labels[i]);
    const std::string total = count_text(static_cast<Index>(text.encoding.ids.size()));
    card_row(theme, context.say("Position", "자리"), std::to_string(position) + " / " + total,
             column);
    card_row(theme, context.say("Id", "번호"), std::to_string(text.encoding.ids[i]), column);
    if (special) {
        const bool typed = text.tokens.bytes[i][0] != text.tokens.bytes[i][1];
        card_note(
            theme,
            typed ? context.say("A special token: one id, never split.",
                                "특수 토큰이에요. 쪼개지지 않고 번호 하나로 통해요.")
                  : context.say("A special token. The model starts every text with it; "
                                "it was not typed.",
                                "특수 토큰이에요. 모든 글의 맨 앞에 붙는 시작 표시라서 쓰지 않아도 "
                                "있어요."),
            80.0F * theme.unit);
        return;
    }
    card_row(theme, context.say("Bytes", "바이트"),
             hex_bytes(raw) + "  (" + std::to_string(raw.size()) + ")", column);
    const auto [begin, end] = text.encoding.offsets[i];
    const bool whole = first_invalid_byte(raw) == std::string_view::npos;
    card_row(theme, context.say("Characters", "글자 수"),
             whole ? std::to_string(count_characters(raw))
                   : context.say("part of a character", "한 글자의 일부"),
             column);
    card_row(theme, context.say("In the text", "글에서의 위치"),
             std::to_string(begin) + " – " + std::to_string(end), column);
    draw_syllables(context, text, source, position);
}

}  // namespace vitrine::viz

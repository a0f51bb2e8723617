#include "viz/views/tokens.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "tensor/error.h"
#include "text/utf8.h"
#include "viz/views/states.h"
#include "viz/views/tokens_parts.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/keys.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

void take_second(ViewContext& context, TokensMemory& memory) {
    memory.second_tokenizer = context.second;
    memory.second = TokenizedText{};
    if (!context.second) return;
    try {
        const Encoding encoding = context.second->encode(memory.run->text);
        memory.second = tokenize_for_view(context.second.get(), encoding, memory.run->text);
    } catch (const Error& error) {
        memory.second.error = error.what();
    }
}

void take_run(ViewContext& context, TokensMemory& memory) {
    const bool other_text = !memory.run || memory.run->text != context.run->text ||
                            memory.run->model != context.run->model;
    memory.run = context.run;
    const Run& run = *memory.run;
    const Tokenizer* tokenizer = run.model ? run.model->tokenizer.get() : nullptr;
    memory.first = tokenize_for_view(tokenizer, run.encoding, run.text);
    if (other_text) {
        memory.replay = MergeReplay{};
        memory.replay_error.clear();
        memory.state_of = -1;
        memory.merges_done = 0;
        memory.follow = true;
        memory.playing = false;
        try {
            if (tokenizer) memory.replay = MergeReplay(tokenizer->merge_steps(run.text));
        } catch (const Error& error) {
            memory.replay_error = error.what();
        }
    }
    take_second(context, memory);
}

/// A number with its caption below, in a frame; hovering explains it.
void draw_count(const ViewContext& context, const char* id, const std::string& value,
                const char* caption, const char* meaning, float width) {
    const Theme& theme = context.theme;
    const ImVec2 low = ImGui::GetCursorScreenPos();
    const float height =
        theme.fonts.title->FontSize + theme.fonts.small->FontSize + 5.0F * theme.unit;
    ImGui::InvisibleButton(id, {width, height});
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 high{low.x + width, low.y + height};
    list->AddRectFilled(low, high, theme.surface, theme.radius);
    list->AddRect(low, high, ImGui::IsItemHovered() ? theme.accent : theme.border, theme.radius);
    const float x = low.x + 3.0F * theme.unit;
    list->AddText(theme.fonts.title, theme.fonts.title->FontSize, {x, low.y + 1.75F * theme.unit},
                  theme.text, value.c_str());
    list->AddText(theme.fonts.small, theme.fonts.small->FontSize,
                  {x, low.y + theme.fonts.title->FontSize + 2.75F * theme.unit}, theme.muted,
                  caption);
    if (ImGui::IsItemHovered() || shows_key_focus()) {
        begin_card_at(theme, {low.x, high.y + theme.unit});
        card_note(theme, meaning, 70.0F * theme.unit);
        end_card();
    }
}

std::string per_token(Index characters, Index tokens) {
    char text[16];
    const double ratio =
        tokens > 0 ? static_cast<double>(characters) / static_cast<double>(tokens) : 0;
    std::snprintf(text, sizeof text, "%.2f", ratio);
    return text;
}

void draw_counts(ViewContext& context, const TokensMemory& memory) {
    const Theme& theme = context.theme;
    const std::string& text = memory.run->text;
    const Index characters = count_characters(text);
    const Index typed = memory.run->positions() - (memory.run->has_start ? 1 : 0);
    const float room = ImGui::GetContentRegionAvail().x;
    const float gap = 2.0F * theme.unit;
    const float width = std::min((room - 3.0F * gap) / 4.0F, 40.0F * theme.unit);
    draw_count(context, "characters", count_text(characters), context.say("characters", "글자"),
               context.say("What you typed, counted as Unicode characters.",
                           "쓴 글을 유니코드 글자로 센 수예요."),
               width);
    ImGui::SameLine(0.0F, gap);
    draw_count(
        context, "bytes", count_text(static_cast<Index>(text.size())),
        context.say("bytes", "바이트"),
        context.say("The same text in UTF-8: a Latin letter takes one byte, a Hangul syllable "
                    "three.",
                    "같은 글을 UTF-8로 쓰면 로마자는 한 바이트, 한글은 세 바이트예요."),
        width);
    ImGui::SameLine(0.0F, gap);
    draw_count(
        context, "tokens", count_text(typed), context.say("tokens", "토큰"),
        context.say("What the model works on. A start token that was not typed is not counted.",
                    "모델이 다루는 단위예요. 쓰지 않은 시작 토큰은 세지 않아요."),
        width);
    ImGui::SameLine(0.0F, gap);
    draw_count(
        context, "ratio", per_token(characters, typed),
        context.say("characters a token", "토큰당 글자"),
        context.say("The more characters a token holds, the farther the model can look back.",
                    "토큰 하나에 글자가 많이 담길수록 모델은 더 멀리 돌아볼 수 있어요."),
        width);
}

void draw_first(ViewContext& context, TokensMemory& memory) {
    const Theme& theme = context.theme;
    ChipsInput input;
    input.labels = memory.first.labels;
    input.special = &memory.first.tokens.special;
    input.line_ends = &memory.first.line_ends;
    input.chosen = context.stage.position;
    input.marked = context.stage.hovered_position;
    input.font = theme.fonts.body;
    input.width = ImGui::GetContentRegionAvail().x;
    const ChipsAnswer answer = draw_chips(theme, input, memory.chips);
    if (answer.clicked >= 0) {
        const bool again = context.stage.position == answer.clicked;
        context.stage.position = again ? -1 : answer.clicked;
    }
    if (answer.seen < 0) return;
    context.stage.hovered_position = answer.seen;
    begin_card_at(theme, {answer.low.x, answer.high.y + theme.unit});
    draw_token_details(context, memory.first, memory.run->text, answer.seen);
    end_card();
}

void draw_chosen(ViewContext& context, const TokensMemory& memory) {
    const Index position = context.stage.position;
    if (position < 0 || position >= memory.run->positions()) return;
    const Theme& theme = context.theme;
    const ImVec2 low = ImGui::GetCursorScreenPos();
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->ChannelsSplit(2);
    list->ChannelsSetCurrent(1);
    ImGui::SetCursorScreenPos({low.x + 3.0F * theme.unit, low.y + 2.0F * theme.unit});
    ImGui::BeginGroup();
    draw_token_details(context, memory.first, memory.run->text, position);
    ImGui::EndGroup();
    const ImVec2 high{ImGui::GetItemRectMax().x + 3.0F * theme.unit,
                      ImGui::GetItemRectMax().y + 2.0F * theme.unit};
    list->ChannelsSetCurrent(0);
    list->AddRectFilled(low, high, theme.surface, theme.radius);
    list->AddRect(low, high, theme.accent, theme.radius);
    list->ChannelsMerge();
    ImGui::SetCursorScreenPos({low.x, high.y});
    ImGui::Dummy({0.0F, theme.unit});
}

void draw_second(ViewContext& context, TokensMemory& memory) {
    if (!context.second) return;
    const Theme& theme = context.theme;
    const auto count = static_cast<Index>(memory.second.encoding.ids.size());
    const std::string tokens = count_text(count);
    ImGui::PushFont(theme.fonts.bold);
    ImGui::TextUnformatted((context.language == Language::korean
                                ? "같은 글, 다른 토크나이저: " + context.second_name
                                : "The same text under " + context.second_name)
                               .c_str());
    ImGui::PopFont();
    if (!memory.second.error.empty()) {
        explain(theme, memory.second.error.c_str());
        return;
    }
    const Index own = memory.run->positions() - (memory.run->has_start ? 1 : 0);
    const std::string versus = count_text(own);
    const std::string ratio = per_token(count_characters(memory.run->text), count);
    explain(theme,
            (context.language == Language::korean
                 ? "토큰 " + tokens + "개 (위에서는 " + versus + "개), 토큰당 글자 " + ratio
                 : tokens + " tokens instead of " + versus + ", " + ratio + " characters a token")
                .c_str());
    ChipsInput input;
    input.id = "second";
    input.labels = memory.second.labels;
    input.special = &memory.second.tokens.special;
    input.line_ends = &memory.second.line_ends;
    input.font = theme.fonts.small;
    input.width = ImGui::GetContentRegionAvail().x;
    const ChipsAnswer answer = draw_chips(theme, input, memory.second_chips);
    if (answer.seen < 0) return;
    begin_card_at(theme, {answer.low.x, answer.high.y + theme.unit});
    draw_token_details(context, memory.second, memory.run->text, answer.seen);
    end_card();
}

}  // namespace

TokenizedText tokenize_for_view(const Tokenizer* tokenizer, const Encoding& encoding,
                                std::string_view text) {
    TokenizedText result;
    result.encoding = encoding;
    result.tokens = label_tokens(tokenizer, encoding, text);
    for (std::size_t i = 0; i < result.tokens.labels.size(); ++i) {
        result.labels.push_back(displayable(result.tokens.labels[i]));
        result.line_ends.push_back(result.tokens.raw[i].ends_with('\n'));
    }
    return result;
}

void draw_tokens(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context)) return;
    TokensMemory& memory = context.memory.of<TokensMemory>();
    if (memory.run != context.run) take_run(context, memory);
    if (memory.second_tokenizer != context.second) take_second(context, memory);
    explain(theme, context.say(
                       "A model does not read letters. It reads tokens: pieces of text that are "
                       "often seen together. Point at one to open it.",
                       "모델은 글자가 아니라 토큰을 읽어요. 토큰은 자주 함께 나오는 글 조각이에요. "
                       "하나를 가리키면 속이 보여요."));
    draw_counts(context, memory);
    ImGui::Dummy({0.0F, 1.5F * theme.unit});
    if (memory.run->truncated) {
        explain(theme,
                context.say("The text is longer than the model can see: only its beginning is "
                            "used.",
                            "글이 모델이 볼 수 있는 길이보다 길어서 앞부분만 썼어요."));
    }
    draw_first(context, memory);
    ImGui::Dummy({0.0F, 1.5F * theme.unit});
    draw_chosen(context, memory);
    draw_second(context, memory);
    ImGui::Dummy({0.0F, 1.5F * theme.unit});
    draw_replay(context, memory);
}

}  // namespace vitrine::viz

#include "viz/views/masks.h"

#include <algorithm>

#include "viz/views/masks_parts.h"
#include "viz/views/states.h"
#include "viz/widgets/colour_scale.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

struct Architecture {
    const char* title[2];  // English, Korean
    const char* good_for[2];
    const char* models[2];
};

constexpr std::array<Architecture, 3> architectures{{
    {{"Encoder only", "인코더만"},
     {"Every token sees the whole text, before and behind. Good for understanding a text that is "
      "there: classifying it, searching it.",
      "모든 토큰이 앞뒤 글 전체를 봐요. 이미 있는 글을 이해하는 일, 곧 분류와 검색에 좋아요."},
     {"BERT, RoBERTa", "BERT, RoBERTa"}},
    {{"Decoder only", "디코더만"},
     {"The future is hidden, so the next token has to be guessed. Good for writing on.",
      "뒤의 글이 가려져 있어 다음 토큰을 맞혀야 해요. 글을 이어 쓰는 일에 좋아요."},
     {"GPT, Llama", "GPT, Llama"}},
    {{"Encoder and decoder", "인코더와 디코더"},
     {"One stack reads the source and sees all of it; the other writes the target, hides its "
      "future, and looks across at the source. Good for turning one text into another: "
      "translating, summarising.",
      "한쪽은 원문을 모두 보며 읽고, 다른 쪽은 뒤를 가린 채 번역문을 쓰면서 원문을 건너다봐요. "
      "글을 다른 글로 바꾸는 일, 곧 번역과 요약에 좋아요."},
     {"the translator of 2017, T5, BART", "2017년의 번역기, T5, BART"}},
}};

const char* grid_name(const ViewContext& context, MaskGrid grid) {
    switch (grid) {
        case MaskGrid::encoder_only: return context.say("encoder only", "인코더만");
        case MaskGrid::decoder_only: return context.say("decoder only", "디코더만");
        case MaskGrid::source: return context.say("source to source", "원문끼리");
        case MaskGrid::target: return context.say("target to target", "번역문끼리");
        case MaskGrid::cross: return context.say("target to source", "번역문이 원문을");
    }
    return "";
}

/// "·king sees 3 of 7 tokens (decoder only)"
std::string count_sentence(const ViewContext& context, const MasksMemory& memory,
                           const std::vector<bool>& visible) {
    const auto seen = std::count(visible.begin(), visible.end(), true);
    const std::string who = memory.labels[static_cast<std::size_t>(memory.query)];
    const std::string all = std::to_string(visible.size());
    const std::string name = grid_name(context, memory.grid);
    if (context.language == Language::korean) {
        return who + " 토큰은 " + all + "개 가운데 " + std::to_string(seen) + "개를 봐요 (" + name +
               ")";
    }
    return who + " sees " + std::to_string(seen) + " of " + all + " tokens (" + name + ")";
}

/// "7 of 7": how many tokens the row that is looked at sees in a grid.
std::string seen_of_all(const ViewContext& context, const MasksMemory& memory, MaskGrid grid) {
    const std::vector<bool> visible =
        visible_to(memory.masks[static_cast<std::size_t>(grid)], memory.query);
    const std::string seen = std::to_string(std::count(visible.begin(), visible.end(), true));
    const std::string all = std::to_string(visible.size());
    return context.language == Language::korean ? all + "개 중 " + seen + "개"
                                                : seen + " of " + all;
}

/// The tokens of the row that is looked at: those it may see are lit. A click chooses a row.
void draw_lit_tokens(ViewContext& context, MasksMemory& memory) {
    const Theme& theme = context.theme;
    const auto n = static_cast<Index>(memory.labels.size());
    // A row that is pointed at; else the chosen token; else one that shows both sides of the mask.
    const Index chosen = context.stage.position;
    if (!memory.looked_at) memory.query = chosen >= 0 ? chosen : memory.tokens / 2;
    memory.looked_at = false;
    memory.query = std::clamp<Index>(memory.query, 0, n - 1);
    const std::vector<bool> visible =
        visible_to(memory.masks[static_cast<std::size_t>(memory.grid)], memory.query);
    ImGui::TextUnformatted(displayable(count_sentence(context, memory, visible)).c_str());
    std::vector<bool> hidden = visible;
    hidden.flip();
    const std::vector<int> tint(memory.labels.size(), 0);
    ChipsInput input;
    input.id = "lit";
    input.labels = memory.labels;
    input.colours = &tint;
    input.faded = &hidden;
    input.chosen = memory.query;
    input.marked = context.stage.hovered_position;
    input.font = theme.fonts.small;
    input.width = ImGui::GetContentRegionAvail().x;
    const ChipsAnswer answer = draw_chips(theme, input, memory.chips);
    if (answer.seen >= 0 && answer.seen < memory.tokens) {
        context.stage.hovered_position = answer.seen;
    }
    if (answer.clicked >= 0 && answer.clicked < memory.tokens) {
        context.stage.position = answer.clicked;
    }
}

void swatch(const Theme& theme, ImU32 fill, bool hatched, const char* text) {
    const float side = theme.fonts.small->FontSize;
    const ImVec2 low = ImGui::GetCursorScreenPos();
    const ImVec2 high{low.x + side, low.y + side};
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(low, high, hatched ? theme.background : fill);
    if (hatched) draw_hatching(list, low, high, theme);
    list->AddRect(low, high, theme.border);
    const float width = text_width(theme.fonts.small, text);
    list->AddText(theme.fonts.small, side, {high.x + 1.5F * theme.unit, low.y}, theme.muted, text);
    ImGui::Dummy({side + 3.5F * theme.unit + width, side});
}

void draw_padding_and_legend(ViewContext& context, MasksMemory& memory) {
    const Theme& theme = context.theme;
    captioned_slider(theme, "##padding", context.say("Padding at the end", "끝의 채움 토큰"),
                     memory.padding, 0, most_padding, "%d", 50.0F * theme.unit);
    ImGui::SameLine(0.0F, 6.0F * theme.unit);
    ImGui::BeginGroup();
    const float gap = 4.0F * theme.unit;
    swatch(theme, theme.heat(0.6F), false, context.say("may look", "볼 수 있음"));
    const char* later = context.say("hidden: comes later", "가림: 뒤에 옴");
    same_line_if_fits(theme, gap + text_width(theme.fonts.small, later) + gap);
    swatch(theme, 0, true, later);
    const char* pad = context.say("hidden: padding", "가림: 채움");
    same_line_if_fits(theme, gap + text_width(theme.fonts.small, pad) + gap);
    swatch(theme, theme.border, false, pad);
    ImGui::EndGroup();
}

/// Which of the architectures the model on the stage has; the text tower of CLIP hides the future.
std::size_t architecture_of(const LoadedModel& model) {
    return model.encoder() != nullptr ? 0U : model.text_to_text() != nullptr ? 2U : 1U;
}

/// What an architecture is good for, and which models have it.
void draw_words(const ViewContext& context, const MasksMemory& memory, std::size_t which,
                float width) {
    const Theme& theme = context.theme;
    const std::size_t in = context.language == Language::korean ? 1 : 0;
    const Architecture& its = architectures[which];
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
    ImGui::PushFont(theme.fonts.bold);
    ImGui::TextUnformatted(its.title[in]);
    ImGui::PopFont();
    ImGui::PushFont(theme.fonts.small);
    ImGui::TextUnformatted(its.good_for[in]);
    ImGui::PushStyleColor(ImGuiCol_Text, theme.muted);
    const LoadedModel* model = memory.shown->run->model.get();
    const bool on_stage = model != nullptr && architecture_of(*model) == which;
    ImGui::TextUnformatted(
        (its.models[in] +
         (on_stage ? context.say(", and the model on this stage", ", 그리고 이 무대의 모델")
                   : std::string()))
            .c_str());
    if (which == 2) {
        ImGui::TextUnformatted(context.say("Your text stands for the source and the target here.",
                                           "여기서는 여러분의 글이 원문이자 번역문이에요."));
    }
    ImGui::PopStyleColor();
    if (which < 2) {
        const MaskGrid grid = which == 0 ? MaskGrid::encoder_only : MaskGrid::decoder_only;
        const std::string who = memory.labels[static_cast<std::size_t>(memory.query)];
        const std::string seen = seen_of_all(context, memory, grid);
        ImGui::TextUnformatted(displayable(context.language == Language::korean
                                               ? who + ": 토큰 " + seen + "를 봐요"
                                               : who + " sees " + seen)
                                   .c_str());
    }
    ImGui::PopFont();
    ImGui::PopTextWrapPos();
}

/// The grids of an architecture, in as many columns as can be read; each with a caption if there
/// are several.
void draw_grids(ViewContext& context, MasksMemory& memory, std::span<const MaskGrid> grids,
                ImVec2 room) {
    const Theme& theme = context.theme;
    const float gap = 3.0F * theme.unit;
    const auto fitting = static_cast<std::size_t>(room.x / (40.0F * theme.unit));
    const std::size_t columns = std::clamp<std::size_t>(fitting, 1, grids.size());
    const std::size_t lines = (grids.size() + columns - 1) / columns;
    const float caption = grids.size() > 1 ? theme.fonts.small->FontSize + theme.unit : 0.0F;
    const ImVec2 each{(room.x + gap) / static_cast<float>(columns) - gap,
                      (room.y + gap) / static_cast<float>(lines) - gap - caption};
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    for (std::size_t i = 0; i < grids.size(); ++i) {
        const auto line = i / columns;
        const ImVec2 at{origin.x + static_cast<float>(i % columns) * (each.x + gap),
                        origin.y + static_cast<float>(line) * (each.y + caption + gap)};
        if (grids.size() > 1) {
            const std::string name = elided(theme.fonts.small,
                                            std::string(grid_name(context, grids[i])) + ": " +
                                                seen_of_all(context, memory, grids[i]),
                                            each.x);
            ImGui::GetWindowDrawList()->AddText(theme.fonts.small, theme.fonts.small->FontSize, at,
                                                theme.text, name.c_str());
        }
        ImGui::SetCursorScreenPos({at.x, at.y + caption});
        draw_mask_grid(context, memory, grids[i], each);
    }
}

/// A card of one architecture: its words beside the grids, or above them where that is too narrow.
void draw_architecture(ViewContext& context, MasksMemory& memory, std::size_t which,
                       std::span<const MaskGrid> grids, ImVec2 size) {
    const Theme& theme = context.theme;
    // Drawn, not a window of its own: it scrolls with the view.
    const ImVec2 low = ImGui::GetCursorScreenPos();
    const ImVec2 high{low.x + size.x, low.y + size.y};
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(low, high, theme.background, theme.radius);
    list->AddRect(low, high, theme.border, theme.radius);
    ImGui::PushID(architectures[which].title[0]);
    ImGui::BeginGroup();
    const float pad = 3.0F * theme.unit;
    const float width = size.x - 2.0F * pad;
    const bool beside = width >= (grids.size() > 1 ? 180.0F : 85.0F) * theme.unit;
    const float words = beside ? (grids.size() > 1 ? 0.22F : 0.38F) * width : width;
    ImGui::SetCursorScreenPos({low.x + pad, low.y + pad});
    ImGui::BeginGroup();
    draw_words(context, memory, which, words);
    ImGui::EndGroup();
    const float below = ImGui::GetItemRectMax().y + theme.unit;
    const float left = beside ? words + 4.0F * theme.unit : 0.0F;
    const ImVec2 at{low.x + pad + left, beside ? low.y + pad : below};
    ImGui::SetCursorScreenPos(at);
    draw_grids(context, memory, grids, {width - left, high.y - pad - at.y});
    ImGui::SetCursorScreenPos(low);
    ImGui::Dummy(size);
    ImGui::EndGroup();
    ImGui::PopID();
}

}  // namespace

void draw_masks(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context)) return;
    MasksMemory& memory = context.memory.of<MasksMemory>();
    explain(theme,
            context.say("A mask says which token may look at which, before any attention: one row "
                        "a token that looks. It needs no weights; only your tokens are used here. "
                        "Point at a row to light what it sees.",
                        "마스크는 어텐션에 앞서 어느 토큰이 어느 토큰을 볼 수 있는지 정해요. 한 "
                        "줄이 보는 토큰 하나예요. 가중치는 필요 없고 여러분의 토큰만 썼어요. 줄을 "
                        "가리키면 보이는 토큰이 밝아져요."));
    refresh(context, memory);
    if (memory.shown->run->positions() > memory.tokens) {
        explain(theme, context.say("The text is long: only its first 16 tokens are drawn.",
                                   "글이 길어서 앞의 토큰 16개만 그렸어요."));
    }
    draw_padding_and_legend(context, memory);
    ImGui::Dummy({0.0F, theme.unit});
    draw_lit_tokens(context, memory);
    ImGui::Dummy({0.0F, theme.unit});
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float gap = 3.0F * theme.unit;
    // Small windows scroll rather than make grids that nobody can read.
    const bool narrow = room.x < 190.0F * theme.unit;
    const float height =
        narrow ? 68.0F * theme.unit : std::max(0.5F * (room.y - gap), 52.0F * theme.unit);
    const float half = 0.5F * (room.x - gap);
    static constexpr std::array encoder{MaskGrid::encoder_only};
    static constexpr std::array decoder{MaskGrid::decoder_only};
    static constexpr std::array both{MaskGrid::source, MaskGrid::target, MaskGrid::cross};
    draw_architecture(context, memory, 0, encoder, {half, height});
    ImGui::SameLine(0.0F, gap);
    draw_architecture(context, memory, 1, decoder, {half, height});
    draw_architecture(context, memory, 2, both, {room.x, narrow ? 132.0F * theme.unit : height});
}

}  // namespace vitrine::viz

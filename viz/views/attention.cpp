#include "viz/views/attention.h"

#include <algorithm>
#include <array>
#include <vector>

#include "tensor/error.h"
#include "viz/views/attention_export.h"
#include "viz/views/attention_parts.h"
#include "viz/views/stack_choice.h"
#include "viz/views/states.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

void export_csv(ViewContext& context, const AttentionMemory& memory) {
    ImGui::SetClipboardText(attention_csv(memory.map, memory.shown->exact(memory.stack->queries),
                                          memory.shown->exact(memory.stack->keys))
                                .c_str());
    context.wishes.toast =
        context.say("The weights are on the clipboard, as CSV.", "가중치를 CSV로 복사했어요.");
}

void export_png(ViewContext& context, AttentionMemory& memory) {
    memory.saving = std::make_shared<const AttentionPicture>(attention_picture(context, memory));
    ++memory.pictures;
}

/// Paints and writes the picture beside the frames; says where it is, or why it is not.
void save_picture(ViewContext& context, AttentionMemory& memory) {
    if (!memory.saving) return;
    const auto answer = context.background.ask<std::filesystem::path>(
        "attention picture", memory.pictures, [picture = memory.saving](const std::stop_token&) {
            const auto path = free_path(pictures_folder(), picture->name);
            save_png(painted(*picture), path);
            return std::make_shared<const std::filesystem::path>(path);
        });
    if (answer.busy) {
        context.wishes.animate = true;  // the window looks again although nothing moves
        return;
    }
    memory.saving.reset();
    context.wishes.toast =
        answer.problem.empty()
            ? context.say("Saved as ", "저장했어요: ") + answer.value->string()
            : context.say("The picture could not be saved. ", "그림을 저장하지 못했어요. ") +
                  answer.problem;
}

void explain_button(const ViewContext& context, const char* english, const char* korean) {
    if (!ImGui::IsItemHovered()) return;
    begin_card(context.theme);
    card_note(context.theme, context.say(english, korean), 70.0F * context.theme.unit);
    end_card();
}

void draw_toolbar(ViewContext& context, AttentionMemory& memory) {
    const Theme& theme = context.theme;
    const std::array<const char*, 2> shapes{context.say("Heatmap", "히트맵"),
                                            context.say("Lines", "선")};
    int shape = context.stage.lines ? 1 : 0;
    if (segmented(theme, "shape", shapes, shape)) context.stage.lines = shape == 1;
    const bool there = memory.map.weights != nullptr;
    const bool narrow = ImGui::GetContentRegionAvail().x < 150.0F * theme.unit;
    const char* faint = narrow ? context.say("Small weights", "작은 값 보기")
                               : context.say("Bring out small weights", "작은 가중치 돋보이게");
    same_line_if_fits(theme, button_width(faint) + ImGui::GetFrameHeight());
    ImGui::Checkbox(faint, &memory.scale.root);
    explain_button(
        context, "Brings out small weights: the colour then follows the square root of the weight.",
        "작은 가중치가 돋보이게, 색이 가중치의 제곱근을 따라가요.");
    const char* csv = narrow ? "CSV" : context.say("Copy as CSV", "CSV로 복사");
    same_line_if_fits(theme, button_width(csv));
    if (action_button(theme, csv, false, there)) export_csv(context, memory);
    explain_button(context, "Copies the weights as a table (CSV) to the clipboard.",
                   "가중치를 표(CSV)로 클립보드에 복사해요.");
    const char* png = narrow ? "PNG" : context.say("Save as PNG", "PNG로 저장");
    same_line_if_fits(theme, button_width(png));
    if (action_button(theme, png, false, there) && !memory.saving) export_png(context, memory);
    explain_button(context, "Saves this map as a picture (PNG) in your pictures folder.",
                   "이 그림을 사진 폴더에 PNG로 저장해요.");
    if (context.stage.pinned_query >= 0 || context.stage.pinned_key >= 0) {
        const char* unpin = context.say("Unpin", "고정 풀기");
        same_line_if_fits(theme, button_width(unpin));
        if (action_button(theme, unpin)) context.stage.pinned_query = context.stage.pinned_key = -1;
    }
}

void pin(Stage& stage, const HeatmapAnswer& answer) {
    const bool both = answer.pin_query >= 0 && answer.pin_key >= 0;
    if (both && stage.pinned_query == answer.pin_query && stage.pinned_key == answer.pin_key) {
        stage.pinned_query = stage.pinned_key = -1;
        return;
    }
    if (answer.pin_query >= 0) {
        const bool again = !both && stage.pinned_query == answer.pin_query;
        stage.pinned_query = again ? -1 : answer.pin_query;
    }
    if (answer.pin_key >= 0) {
        const bool again = !both && stage.pinned_key == answer.pin_key;
        stage.pinned_key = again ? -1 : answer.pin_key;
    }
}

/// What the panel is about: the cell that is looked at, else the pinned one, else the last row.
void draw_panel(ViewContext& context, const AttentionMemory& memory, ImVec2 size) {
    if (memory.map.weights == nullptr) return;
    Index query = memory.seen_query;
    Index key = memory.seen_key;
    if (query < 0) {
        query = context.stage.pinned_query >= 0 ? context.stage.pinned_query : memory.map.T - 1;
        key = context.stage.lines             ? -1
              : context.stage.pinned_key >= 0 ? context.stage.pinned_key
                                              : std::min(query, memory.map.S - 1);
    }
    if (query >= memory.map.T || key >= memory.map.S) return;
    begin_panel(context.theme, "cell", size);
    const ImVec2 room = ImGui::GetContentRegionAvail();
    draw_cell_panel(context, memory, query, key, room.x, room.y);
    end_panel();
}

void draw_colour_legend(ViewContext& context, const AttentionMemory& memory, float width) {
    draw_legend(context.theme, memory.scale, width,
                context.say("weight: 0 = not looked at, 1 = only this one",
                            "가중치: 0이면 안 보고, 1이면 이것만 봐요"),
                hidden_sentence(context, memory));
}

/// Thumbnails, legend and panel in a column beside the large map.
void draw_left(ViewContext& context, AttentionMemory& memory, float side, ImVec2 size) {
    const Theme& theme = context.theme;
    const float top = ImGui::GetCursorPosY();
    draw_thumbnails(context, memory, side);
    ImGui::Dummy({0.0F, theme.unit});
    draw_colour_legend(context, memory, size.x);
    ImGui::Dummy({0.0F, theme.unit});
    const float left = size.y - (ImGui::GetCursorPosY() - top);
    memory.panel = left > 34.0F * theme.unit;
    if (memory.panel) draw_panel(context, memory, {size.x, std::min(left, 78.0F * theme.unit)});
}

/// In a narrow stage: thumbnails and legend in a row above the large map, no panel.
void draw_above(ViewContext& context, AttentionMemory& memory, float width) {
    const Theme& theme = context.theme;
    const AttentionSummary& summary = *memory.summary;
    const float side =
        thumbnail_side({0.5F * width, 28.0F * theme.unit}, summary.layers, summary.heads, theme);
    ImGui::BeginGroup();
    draw_thumbnails(context, memory, side);
    ImGui::EndGroup();
    ImGui::SameLine(0.0F, 4.0F * theme.unit);
    ImGui::BeginGroup();
    draw_colour_legend(context, memory,
                       width - thumbnails_width(side, summary.heads, theme) - 5.0F * theme.unit);
    ImGui::EndGroup();
    memory.panel = false;
}

void draw_lines_area(ViewContext& context, AttentionMemory& memory, ImVec2 size) {
    const float width = std::min(size.x, 60.0F * context.theme.unit);
    captioned_slider(context.theme, "##least",
                     context.say("Lines from this weight on", "이 가중치부터 선으로 보여요"),
                     memory.least_weight, 0.0F, 0.5F, "%.2f", width);
    const float used = ImGui::GetItemRectSize().y + ImGui::GetStyle().ItemSpacing.y;
    draw_attention_lines(context, memory, {size.x, std::max(size.y - used, 20.0F)});
}

/// The chosen map, large, below its name.
void draw_stage(ViewContext& context, AttentionMemory& memory, ImVec2 size) {
    if (memory.map.weights == nullptr) {
        draw_state(context.theme, context.say("One moment", "잠시만요"),
                   context.say("The map of so long a text is computed when it is looked at.",
                               "긴 글의 지도는 볼 때 계산해요."),
                   context.theme.muted);
        return;
    }
    const float top = ImGui::GetCursorPosY();
    ImGui::PushFont(context.theme.fonts.bold);
    ImGui::TextUnformatted(map_title(context, memory.map.layer, memory.map.head).c_str());
    ImGui::PopFont();
    size.y -= ImGui::GetCursorPosY() - top;
    if (context.stage.lines) {
        draw_lines_area(context, memory, size);
        return;
    }
    const HeatmapAnswer answer = draw_attention_map(context, memory, size);
    memory.seen_query = answer.query;
    memory.seen_key = answer.key;
}

}  // namespace

HeatmapAnswer draw_attention_map(ViewContext& context, AttentionMemory& memory, ImVec2 size) {
    HeatmapInput input;
    input.texture = &memory.picture;
    input.values = memory.map.weights;
    input.n = memory.map.S;
    input.rows = memory.map.T;
    input.labels = memory.key_labels();
    input.row_labels = memory.query_labels();
    input.pinned_query = context.stage.pinned_query;
    input.pinned_key = context.stage.pinned_key;
    input.marked = memory.square() ? context.stage.hovered_position : -1;
    input.size = size;
    input.query_title = query_title(context, *memory.stack);
    input.key_title = key_title(context, *memory.stack);
    const HeatmapAnswer answer = draw_heatmap(context.theme, input, memory.heatmap);
    if (answer.pin) pin(context.stage, answer);
    if (answer.query < 0 || answer.key < 0) return answer;
    if (memory.square()) context.stage.hovered_position = answer.query;
    if (answer.by_keyboard) {
        begin_card_at(context.theme, {answer.cell_high.x + context.theme.unit,
                                      answer.cell_high.y + context.theme.unit});
    } else {
        begin_card(context.theme);
    }
    draw_cell_numbers(context, memory, answer.query, answer.key);
    end_card();
    return answer;
}

void draw_attention(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context)) return;
    if (draw_without_attention(context)) return;
    AttentionMemory& memory = context.memory.of<AttentionMemory>();
    save_picture(context, memory);
    refresh(context, memory);
    if (memory.stack != nullptr) {
        explain(theme, stack_sentence(context, *memory.stack));
        if (draw_stack_choice(context, stacks_of(*memory.shown->run), memory.stack))
            same_line_if_fits(theme, 40.0F * theme.unit);
    }
    if (!refresh(context, memory)) {  // the choice changes what is drawn in this frame
        draw_without_patterns(context, memory.stack);
        return;
    }
    draw_toolbar(context, memory);
    ImGui::Dummy({0.0F, theme.unit});
    const ImVec2 room = ImGui::GetContentRegionAvail();
    if (room.x < 120.0F * theme.unit) {
        draw_above(context, memory, room.x);
        const float left = ImGui::GetContentRegionAvail().y;
        draw_stage(context, memory, {room.x, std::max(left, 64.0F * theme.unit)});
        return;
    }
    const float height = std::max(room.y, 56.0F * theme.unit);
    const AttentionSummary& summary = *memory.summary;
    const ImVec2 corner{0.36F * room.x, 0.56F * height};
    const float side = thumbnail_side(corner, summary.layers, summary.heads, theme);
    const float width = std::max(thumbnails_width(side, summary.heads, theme), 40.0F * theme.unit);
    ImGui::BeginGroup();
    draw_left(context, memory, side, {width, height});
    ImGui::EndGroup();
    ImGui::SameLine(0.0F, 4.0F * theme.unit);
    ImGui::BeginGroup();
    draw_stage(context, memory, {room.x - width - 4.0F * theme.unit, height});
    ImGui::EndGroup();
}

}  // namespace vitrine::viz

// The second page of the residual view: mean and deviation of every token through depth.
#include <algorithm>
#include <cmath>

#include "viz/views/residual_parts.h"
#include "viz/widgets/keys.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

constexpr std::size_t mean_map = 0, deviation_map = 1;

const std::vector<float>& numbers_of(const DepthMap& depth, std::size_t which) {
    return which == mean_map ? depth.mean : depth.deviation;
}

/// The mean has a sign, the deviation has none.
void paint_map(ViewContext& context, ResidualMemory& memory, std::size_t which) {
    const DepthMap& depth = *memory.depth;
    const std::vector<float>& numbers = numbers_of(depth, which);
    float limit = 1e-6F;
    for (const float value : numbers) limit = std::max(limit, std::abs(value));
    Image image(static_cast<int>(depth.places), static_cast<int>(depth.positions));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        image.pixels[i] = which == mean_map ? context.theme.diverging(numbers[i] / limit)
                                            : context.theme.heat(numbers[i] / limit);
    }
    memory.map_limits[which] = limit;
    memory.maps[which].set(context.memory.device(), std::move(image));
}

/// Where a map is on the screen.
struct MapFrame {
    ImVec2 low, high;
    ImVec2 cell;
    Index rows = 0, columns = 0;
};

void draw_map_labels(const ViewContext& context, const ResidualMemory& memory,
                     const MapFrame& frame, float left) {
    const Theme& theme = context.theme;
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImFont* font = theme.fonts.small;
    const float line = font->FontSize;
    const float room = frame.low.x - left - 1.5F * theme.unit;
    const auto every = static_cast<Index>(std::max(1.0F, std::ceil(line / frame.cell.y)));
    for (Index t = 0; t < frame.rows; ++t) {
        const bool chosen = t == memory.position;
        const bool beside = !chosen && std::abs(t - memory.position) < every;
        if (beside || (t % every != 0 && !chosen)) continue;
        const std::string text = elided(font, memory.labels()[static_cast<std::size_t>(t)], room);
        const float y = frame.low.y + (static_cast<float>(t) + 0.5F) * frame.cell.y - 0.5F * line;
        list->AddText(font, line, {frame.low.x - 1.5F * theme.unit - text_width(font, text), y},
                      chosen ? theme.accent : theme.text, text.c_str());
    }
    float free_from = -1e9F;
    for (Index place = 0; place < frame.columns; ++place) {
        const std::string& text = memory.places[static_cast<std::size_t>(place)];
        const float wide = text_width(font, text);
        const float x =
            frame.low.x + (static_cast<float>(place) + 0.5F) * frame.cell.x - 0.5F * wide;
        if (x < free_from) continue;
        free_from = x + wide + theme.unit;
        list->AddText(font, line, {x, frame.high.y + 0.5F * theme.unit},
                      place == memory.layer ? theme.accent : theme.muted, text.c_str());
    }
}

/// Arrows move a cell.
void move_by_keys(MapCell& cell, const MapFrame& frame, const ResidualMemory& memory) {
    const ImGuiIO& io = ImGui::GetIO();
    if (io.MouseDelta.x != 0.0F || io.MouseDelta.y != 0.0F) cell.by_keyboard = false;
    if (!has_key_focus()) {
        cell.by_keyboard = false;
        return;
    }
    if (!cell.by_keyboard) {
        cell.key_position = memory.position;
        cell.key_place = memory.layer;
    }
    const ArrowStep step = arrow_step();
    const Index position = std::clamp<Index>(cell.key_position + step.y, 0, frame.rows - 1);
    const Index place = std::clamp<Index>(cell.key_place + step.x, 0, frame.columns - 1);
    if (position == cell.key_position && place == cell.key_place) return;
    cell.key_position = position;
    cell.key_place = place;
    cell.by_keyboard = true;
    keep_focus_here();
}

void find_cell(MapCell& cell, const MapFrame& frame, bool hovered) {
    cell.position = cell.place = -1;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    if (cell.by_keyboard) {
        cell.position = cell.key_position;
        cell.place = cell.key_place;
    } else if (hovered && mouse.x >= frame.low.x && mouse.x < frame.high.x) {
        cell.position = std::clamp<Index>(
            static_cast<Index>((mouse.y - frame.low.y) / frame.cell.y), 0, frame.rows - 1);
        cell.place = std::clamp<Index>(static_cast<Index>((mouse.x - frame.low.x) / frame.cell.x),
                                       0, frame.columns - 1);
    }
}

void draw_cell_card(const ViewContext& context, const ResidualMemory& memory, const MapCell& cell,
                    const MapFrame& frame) {
    const Theme& theme = context.theme;
    const float column = 24.0F * theme.unit;
    if (cell.by_keyboard) {
        begin_card_at(theme, {frame.low.x + static_cast<float>(cell.place + 1) * frame.cell.x,
                              frame.low.y + static_cast<float>(cell.position + 1) * frame.cell.y});
    } else {
        begin_card(theme);
    }
    const bool end = cell.place + 1 == frame.columns;
    card_row(theme, context.say("Token", "토큰"),
             std::to_string(cell.position) + "  " +
                 memory.labels()[static_cast<std::size_t>(cell.position)],
             column);
    card_row(theme, context.say("Where", "어디"),
             end ? context.say("after the last block", "마지막 블록 뒤")
                 : context.say("before block ", "블록 앞: ") + std::to_string(cell.place),
             column);
    const auto at = static_cast<std::size_t>(cell.position * frame.columns + cell.place);
    card_row(theme, context.say("Mean", "평균"),
             number_text(static_cast<double>(memory.depth->mean[at])), column);
    card_row(theme, context.say("Deviation", "편차"),
             number_text(static_cast<double>(memory.depth->deviation[at])), column);
    card_note(
        theme,
        context.say("Click to choose the token and the block.", "누르면 그 토큰과 블록을 골라요."),
        70.0F * theme.unit);
    end_card();
}

/// What the colours of a map mean.
std::string legend(const ViewContext& context, const ResidualMemory& memory, std::size_t which) {
    const std::string limit = two_decimals(static_cast<double>(memory.map_limits[which]));
    if (context.language == Language::korean) {
        return which == mean_map ? "파랑은 0보다 커요, 주황은 작아요 (최대 ±" + limit + ")"
                                 : "색이 강할수록 커요 (최대 " + limit + ")";
    }
    return which == mean_map ? "blue above 0, orange below; at most ±" + limit
                             : "the stronger the colour, the larger; at most " + limit;
}

/// Both legends take the same height, so that the maps stand level.
void draw_legend(const ViewContext& context, const ResidualMemory& memory, std::size_t which,
                 float width) {
    const Theme& theme = context.theme;
    const float top = ImGui::GetCursorScreenPos().y;
    float height = 0.0F;
    for (const std::size_t other : {mean_map, deviation_map}) {
        const std::string text = legend(context, memory, other);
        const ImFont* font = theme.fonts.small;
        height =
            std::max(height, font->CalcTextSizeA(font->FontSize, width, width, text.c_str()).y);
    }
    caption(theme, legend(context, memory, which), width);
    const float missing = top + height - ImGui::GetItemRectMax().y;
    if (missing > 1.0F) ImGui::Dummy({0.0F, missing - ImGui::GetStyle().ItemSpacing.y});
}

/// One map, `size` with its title and labels.
void draw_depth_map(ViewContext& context, ResidualMemory& memory, std::size_t which, ImVec2 size) {
    const Theme& theme = context.theme;
    const float line = theme.fonts.small->FontSize;
    small_heading(
        theme, which == mean_map ? context.say("Mean", "평균") : context.say("Deviation", "편차"));
    draw_legend(context, memory, which, size.x);
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    float widest = 0.0F;
    for (const std::string& label : memory.labels()) {
        widest = std::max(widest, text_width(theme.fonts.small, label));
    }
    const float room = std::min(widest, 0.3F * size.x) + 1.5F * theme.unit;
    MapFrame frame;
    frame.rows = memory.depth->positions;
    frame.columns = memory.depth->places;
    frame.low = {origin.x + room, origin.y};
    const float height = std::max(20.0F * theme.unit, size.y - 4.0F * line - 3.0F * theme.unit);
    frame.cell = {(size.x - room - theme.unit) / static_cast<float>(frame.columns),
                  std::min(height / static_cast<float>(frame.rows), 7.0F * theme.unit)};
    frame.high = {frame.low.x + frame.cell.x * static_cast<float>(frame.columns),
                  frame.low.y + frame.cell.y * static_cast<float>(frame.rows)};
    MapCell& cell = memory.cells[which];
    cell.low = frame.low;
    cell.cell = frame.cell;
    const bool pressed = ImGui::InvisibleButton(which == mean_map ? "mean map" : "deviation map",
                                                {size.x, frame.high.y - frame.low.y});
    const bool hovered = ImGui::IsItemHovered();
    const bool focused = has_key_focus();
    const bool ring = shows_key_focus();
    move_by_keys(cell, frame, memory);
    find_cell(cell, frame, hovered);
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddImage(memory.maps[which].id(), frame.low, frame.high);
    list->AddRect(frame.low, frame.high, ring ? theme.accent : theme.border, 0.0F, 0,
                  ring ? 0.5F * theme.unit : 1.0F);
    const float y = frame.low.y + static_cast<float>(memory.position) * frame.cell.y;
    list->AddRect({frame.low.x, y}, {frame.high.x, y + frame.cell.y}, theme.accent, 0.0F, 0, 1.5F);
    draw_map_labels(context, memory, frame, origin.x);
    ImGui::Dummy({0.0F, line + 0.5F * theme.unit});
    if (cell.position < 0) return;
    if (memory.tower().axis() == Axis::text) context.stage.hovered_position = cell.position;
    if (pressed || (focused && key_pressed(ImGuiKey_Enter, false))) {
        context.stage.position = cell.position;
        context.stage.layer = std::min(cell.place, frame.columns - 2);
    }
    draw_cell_card(context, memory, cell, frame);
}

}  // namespace

void draw_tokens_page(ViewContext& context, ResidualMemory& memory) {
    const Theme& theme = context.theme;
    if (!memory.depth) {
        caption(theme, context.say("Being worked out ...", "계산하고 있어요 ..."), 1000.0F);
        return;
    }
    for (const std::size_t which : {mean_map, deviation_map}) {
        if (memory.maps[which].empty()) paint_map(context, memory, which);
    }
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float gap = 5.0F * theme.unit;
    const float half = 0.5F * (room.x - gap);
    const float spread = std::clamp(0.27F * room.y, 16.0F * theme.unit, 60.0F * theme.unit);
    const float maps = std::max(50.0F * theme.unit, room.y - spread - 30.0F * theme.unit);
    caption(theme,
            context.say("Across: before each block, and at the end. Down: your tokens.",
                        "가로는 블록마다 그 앞과 맨 끝이고, 세로는 여러분의 토큰이에요."),
            room.x);
    ImGui::BeginGroup();
    draw_depth_map(context, memory, mean_map, {half, maps});
    ImGui::EndGroup();
    ImGui::SameLine(0.0F, gap);
    ImGui::BeginGroup();
    draw_depth_map(context, memory, deviation_map, {half, maps});
    ImGui::EndGroup();
    ImGui::Dummy({0.0F, theme.unit});
    draw_norm(context, memory, {room.x, spread});
}

}  // namespace vitrine::viz

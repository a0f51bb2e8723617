// The blocks of a lesson: headings, lists, code, tables, quotes, answers, pictures.
#include <stb_image.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "viz/app/displayable.h"
#include "viz/reader/highlight.h"
#include "viz/reader/reader.h"

namespace vitrine::viz {

namespace {

/// The lines of a block of code as they are drawn: of a console, the commands stand out from what
/// they print.
std::vector<std::vector<CodeSpan>> code_lines(const Block& block, std::size_t room) {
    const bool cpp = block.info.rfind("cpp", 0) == 0;
    const bool console = block.info.rfind("console", 0) == 0;
    std::vector<std::vector<CodeSpan>> lines;
    std::istringstream stream(block.text);
    for (std::string line; std::getline(stream, line);) {
        const bool printed = console && line.rfind("$ ", 0) != 0;
        line = displayable(line);
        const std::vector<CodeSpan> spans =
            cpp ? highlight_cpp(line)
                : std::vector<CodeSpan>{
                      {printed ? CodeSpan::Kind::comment : CodeSpan::Kind::plain, line}};
        for (auto& part : wrap_code(spans, room)) lines.push_back(std::move(part));
    }
    return lines;
}

/// The box of an item of a task list, with a tick if it is done.
void draw_task(const Theme& theme, ImVec2 at, float size, bool done) {
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const float side = 0.8F * size;
    draw->AddRect(at, {at.x + side, at.y + side}, theme.muted, 0.5F * theme.unit, 0, theme.scale);
    if (!done) return;
    draw->PathLineTo({at.x + 0.2F * side, at.y + 0.55F * side});
    draw->PathLineTo({at.x + 0.42F * side, at.y + 0.76F * side});
    draw->PathLineTo({at.x + 0.82F * side, at.y + 0.26F * side});
    draw->PathStroke(theme.accent, 0, 1.6F * theme.scale);
}

/// What copying a block gives: of a console, the commands without their prompts.
std::string copied_text(const std::string& text, bool console) {
    if (!console) return text;
    std::string commands;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        if (line.rfind("$ ", 0) == 0) commands += line.substr(2) + "\n";
    }
    return commands;
}

}  // namespace

void Reader::draw_block(const Block& block, float left, float width) {
    const Theme& theme = context_->theme;
    const ImU32 ink = ink_ == 0 ? theme.text : ink_;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::SetCursorScreenPos({left, at.y});
    switch (block.kind) {
        case Block::Kind::heading: {
            const bool first = &block == document_.blocks.data();
            gap(first ? 0 : block.level <= 2 ? 5 : 3);
            draw_spans(block.spans, left, width,
                       block.level <= 1 ? theme.fonts.title : theme.fonts.bold, theme.text);
            gap(block.level <= 1 ? 2 : 1);
            break;
        }
        case Block::Kind::paragraph:
            draw_spans(block.spans, left, width, theme.fonts.body, ink);
            gap(2.5F);
            break;
        case Block::Kind::list: draw_list(block, left, width); break;
        case Block::Kind::item:
            draw_spans(block.spans, left, width, theme.fonts.body, ink);
            for (const Block& child : block.children) draw_block(child, left, width);
            break;
        case Block::Kind::quote: draw_quote(block, left, width); break;
        case Block::Kind::code:
            if (block.info == "answer") {
                draw_answer(block, left, width);
            } else if (in_answer_ && block.info == "console") {
                draw_computed(block, left, width);
            } else {
                draw_code(block, left, width);
            }
            break;
        case Block::Kind::table: draw_table(block, left, width); break;
        case Block::Kind::image: draw_image(block, left, width); break;
        case Block::Kind::rule:
            gap(2);
            ImGui::GetWindowDrawList()->AddLine(ImGui::GetCursorScreenPos(),
                                                {left + width, ImGui::GetCursorScreenPos().y},
                                                theme.border, theme.scale);
            gap(3);
            break;
    }
}

void Reader::draw_list(const Block& block, float left, float width) {
    const Theme& theme = context_->theme;
    const float indent = 5 * theme.unit;
    int number = block.start;
    for (const Block& item : block.children) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float size = theme.fonts.body->FontSize;
        if (block.ordered) {
            const std::string label = std::to_string(number++) + ".";
            ImGui::GetWindowDrawList()->AddText(theme.fonts.body, size, {left, at.y + 0.28F * size},
                                                theme.muted, label.c_str());
        } else if (item.task != Block::Task::none) {
            draw_task(theme, {left + 0.5F * theme.unit, at.y + 0.36F * size}, size,
                      item.task == Block::Task::done);
        } else {
            ImGui::GetWindowDrawList()->AddCircleFilled(
                {left + 2 * theme.unit, at.y + 0.78F * size}, 0.6F * theme.unit, theme.muted);
        }
        draw_block(item, left + indent, width - indent);
        gap(0.5F);
    }
    gap(2);
}

void Reader::draw_quote(const Block& block, float left, float width) {
    const Theme& theme = context_->theme;
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const float indent = 4 * theme.unit;
    gap(1);
    for (const Block& child : block.children) draw_block(child, left + indent, width - indent);
    const float end = ImGui::GetCursorScreenPos().y - 2 * theme.unit;
    ImGui::GetWindowDrawList()->AddRectFilled({left, start.y}, {left + 0.75F * theme.unit, end},
                                              theme.accent, theme.unit);
}

void Reader::draw_code(const Block& block, float left, float width) {
    const Theme& theme = context_->theme;
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const bool console = block.info.rfind("console", 0) == 0;
    ImFont* font = theme.fonts.mono;
    const float pad = 3 * theme.unit;
    const float size = 0.9F * font->FontSize;
    const float column = font->CalcTextSizeA(size, FLT_MAX, 0, "m").x;
    const auto room = static_cast<std::size_t>(std::max(20.0F, (width - 2 * pad) / column));
    const std::vector<std::vector<CodeSpan>> lines = code_lines(block, room);
    const float step = 1.45F * size;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float height = static_cast<float>(lines.size()) * step + 2 * pad;
    draw->AddRectFilled({left, at.y}, {left + width, at.y + height}, theme.background,
                        theme.radius);
    const ImU32 colours[] = {theme.text, theme.accent, theme.good, theme.bad,
                             theme.bad,  theme.muted,  theme.muted};
    draw->PushClipRect({left, at.y}, {left + width, at.y + height}, true);
    float y = at.y + pad;
    for (const std::vector<CodeSpan>& line : lines) {
        float x = left + pad;
        for (const CodeSpan& span : line) {
            draw->AddText(font, size, {x, y}, colours[static_cast<int>(span.kind)],
                          span.text.c_str());
            x += font->CalcTextSizeA(size, FLT_MAX, 0, span.text.c_str()).x;
        }
        y += step;
    }
    draw->PopClipRect();
    ImGui::PushID(&block);
    ImGui::SetCursorScreenPos({left, at.y});
    if (ImGui::InvisibleButton("code", {width, height})) {
        ImGui::SetClipboardText(copied_text(block.text, console).c_str());
        context_->wishes.toast = context_->say("Copied", "복사했어요");
    }
    ImGui::PopID();
    if (ImGui::IsItemHovered())
        ImGui::SetTooltip("%s", context_->say("Click to copy", "누르면 복사해요"));
    gap(3.5F);
}

void Reader::draw_table(const Block& block, float left, float width) {
    const Theme& theme = context_->theme;
    const float pad = 2 * theme.unit;
    const std::size_t columns = block.alignment.size();
    std::vector<float> widths(columns, 0);
    for (std::size_t r = 0; r < block.rows.size(); ++r) {
        for (std::size_t c = 0; c < std::min(columns, block.rows[r].size()); ++c) {
            widths[c] = std::max(
                widths[c],
                spans_width(block.rows[r][c], r == 0 ? theme.fonts.bold : theme.fonts.body) +
                    2 * pad);
        }
    }
    float total = 0;
    for (const float each : widths) total += each;
    if (total > width && columns > 0) {  // the last column wraps
        widths.back() = std::max(width * 0.3F, widths.back() - (total - width));
    }
    ImDrawList* draw = ImGui::GetWindowDrawList();
    for (std::size_t r = 0; r < block.rows.size(); ++r) {
        const ImVec2 top = ImGui::GetCursorScreenPos();
        float x = left, bottom = top.y;
        for (std::size_t c = 0; c < std::min(columns, block.rows[r].size()); ++c) {
            ImFont* font = r == 0 ? theme.fonts.bold : theme.fonts.body;
            const float room = widths[c] - 2 * pad;
            const float own = std::min(room, spans_width(block.rows[r][c], font));
            const float shift = block.alignment[c] < 0    ? 0
                                : block.alignment[c] == 0 ? (room - own) / 2
                                                          : room - own;
            ImGui::SetCursorScreenPos({x + pad + shift, top.y + 0.5F * theme.unit});
            draw_spans(block.rows[r][c], x + pad + shift, room - shift + 1, font,
                       r == 0 ? theme.muted : theme.text);
            bottom = std::max(bottom, ImGui::GetCursorScreenPos().y);
            x += widths[c];
        }
        bottom += 0.5F * theme.unit;
        draw->AddLine({left, bottom}, {x, bottom}, theme.border, theme.scale);
        ImGui::SetCursorScreenPos({left, bottom + 1});
        ImGui::Dummy({1, 0});
    }
    gap(4);
}

void Reader::draw_image(const Block& block, float left, float width) {
    const Theme& theme = context_->theme;
    Texture& texture = images_[block.source];
    if (texture.empty()) {
        int w = 0, h = 0, channels = 0;
        unsigned char* pixels = stbi_load((folder_ / block.source).c_str(), &w, &h, &channels, 4);
        if (pixels == nullptr) {
            Span description;
            description.text = block.text;
            description.italic = true;
            draw_spans({description}, left, width, theme.fonts.small, theme.muted);
            gap(2);
            return;
        }
        Image image(w, h);
        std::copy_n(reinterpret_cast<const ImU32*>(pixels), image.pixels.size(),
                    image.pixels.begin());
        stbi_image_free(pixels);
        texture.set(context_->memory.device(), std::move(image));
    }
    const float scale = std::min(1.0F, width / static_cast<float>(texture.image().width));
    const ImVec2 size{scale * static_cast<float>(texture.image().width),
                      scale * static_cast<float>(texture.image().height)};
    ImGui::SetCursorScreenPos({left + (width - size.x) / 2, ImGui::GetCursorScreenPos().y});
    ImGui::Image(texture.id(), size);
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", displayable(block.text).c_str());
    gap(3);
}

}  // namespace vitrine::viz

// Where the blocks of a lesson are: their heights are measured once, and those out of sight are not
// laid out again. The place of the reading survives another width, size or language.
#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "viz/reader/reader.h"

namespace vitrine::viz {

void Reader::open(Document document, std::filesystem::path folder) {
    folder_ = std::move(folder);
    images_.clear();
    revealed_.clear();
    place_ = {};
    open_translation(std::move(document));
}

void Reader::open_translation(Document document) {
    document_ = std::move(document);
    problems_.clear();
    heights_.clear();
}

void Reader::draw(ViewContext& context) {
    context_ = &context;
    const float size = context.theme.fonts.body->FontSize;
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const float width = std::min(ImGui::GetContentRegionAvail().x, 45 * size);  // 75 characters
    if (body_size_ != size) formulas_.clear();
    const bool stale =
        heights_.size() != document_.blocks.size() || width_ != width || body_size_ != size;
    body_size_ = size;
    width_ = width;
    laid_out_ = 0;
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
    float shift = 0;
    if (stale) {
        measure_all(start.x, width);
        shift = return_to_place(start.y);
    }
    ImGui::SetCursorScreenPos({start.x, start.y - shift});
    for (std::size_t i = 0; i < document_.blocks.size(); ++i) draw_top_block(i, start.x, width);
    gap(6);
    if (shift != 0) {  // the window must know the true height, not the shifted one
        ImGui::GetCurrentWindow()->DC.CursorMaxPos.y = ImGui::GetCursorScreenPos().y + shift;
    } else {
        note_place(start.y);
    }
    ImGui::PopStyleVar();
    context_ = nullptr;
}

/// Lays every block out far below the window, where nothing of it is drawn.
void Reader::measure_all(float left, float width) {
    ImGuiWindowTempData& now = ImGui::GetCurrentWindow()->DC;
    const std::array<ImVec2*, 6> cursor{&now.CursorPos,    &now.CursorMaxPos,
                                        &now.IdealMaxPos,  &now.CursorPosPrevLine,
                                        &now.CurrLineSize, &now.PrevLineSize};
    std::array<ImVec2, 6> kept;
    for (std::size_t i = 0; i < cursor.size(); ++i) kept[i] = *cursor[i];
    heights_.assign(document_.blocks.size(), 0);
    ImGui::PushID("measured");
    ImGui::PushItemFlag(ImGuiItemFlags_NoNav | ImGuiItemFlags_NoTabStop, true);
    for (std::size_t i = 0; i < document_.blocks.size(); ++i) {
        constexpr float far_below = 1e5F;
        ImGui::SetCursorScreenPos({left, kept[0].y + far_below});
        const float top = ImGui::GetCursorScreenPos().y;
        block_ = i;
        answers_ = 0;
        draw_block(document_.blocks[i], left, width);
        heights_[i] = ImGui::GetCursorScreenPos().y - top;
    }
    ImGui::PopItemFlag();
    ImGui::PopID();
    for (std::size_t i = 0; i < cursor.size(); ++i) *cursor[i] = kept[i];
}

/// Scrolls so that the place of the reading is at the upper edge again, in this frame too.
/// @return  how far this frame is drawn above where the window would have it
float Reader::return_to_place(float start) {
    if (document_.blocks.empty()) return 0;
    place_.block = std::min(place_.block, document_.blocks.size() - 1);
    float above = 0, all = 6 * context_->theme.unit;
    for (std::size_t i = 0; i < heights_.size(); ++i) {
        if (i < place_.block) above += heights_[i];
        all += heights_[i];
    }
    // The padding above the first block belongs to no block: a reading at the start stays there.
    const ImGuiWindow* window = ImGui::GetCurrentWindow();
    const float padding = start + window->Scroll.y - window->InnerRect.Min.y;
    above += place_.part * heights_[place_.block];
    const float lowest =
        std::max(0.0F, padding + all + window->WindowPadding.y - window->InnerRect.GetHeight());
    const float wanted = above > 0 ? std::min(above + padding, lowest) : 0;
    ImGui::SetScrollY(wanted);
    return wanted - window->Scroll.y;
}

/// A block near the window is drawn, another leaves its height free. Near: the keyboard goes on to
/// what lies just outside.
void Reader::draw_top_block(std::size_t index, float left, float width) {
    const ImRect seen = ImGui::GetCurrentWindow()->InnerRect;
    const float top = ImGui::GetCursorScreenPos().y, margin = 0.5F * seen.GetHeight();
    if (top > seen.Max.y + margin || top + heights_[index] < seen.Min.y - margin) {
        ImGui::Dummy({width, heights_[index]});
        return;
    }
    ++laid_out_;
    block_ = index;
    answers_ = 0;
    ImGui::PushID(static_cast<int>(index));
    draw_block(document_.blocks[index], left, width);
    ImGui::PopID();
    heights_[index] = ImGui::GetCursorScreenPos().y - top;  // an answer may have been revealed
}

float Reader::height() const {
    return std::accumulate(heights_.begin(), heights_.end(), 0.0F);
}

void Reader::note_place(float start) {
    const float edge = ImGui::GetCurrentWindow()->InnerRect.Min.y;
    float top = start;
    place_ = {};
    for (std::size_t i = 0; i < heights_.size() && top < edge; ++i) {
        place_ = {i, heights_[i] > 0 ? std::min(1.0F, (edge - top) / heights_[i]) : 0};
        top += heights_[i];
    }
}

}  // namespace vitrine::viz

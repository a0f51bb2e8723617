// The parts of the frame around the stage: columns, status line, shortcuts, messages.
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "io/assets.h"
#include "text/tokenizer.h"
#include "viz/app/app.h"
#include "viz/app/panes.h"
#include "viz/app/run_model.h"
#include "viz/app/shortcuts.h"
#include "viz/widgets/area.h"
#include "viz/widgets/keys.h"

namespace vitrine::viz {

void App::draw_left(float width, float height) {
    begin_area("left", {width, height}, AreaEdge::padded);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(2 * theme_.unit, 1.5F * theme_.unit));
    ViewContext view = context(first_);
    PaneContext pane{view, settings_.chapter, first_.model ? first_.model->name : "",
                     settings_.beside};
    scroll_stop(theme_);
    draw_chapters(pane);
    ImGui::PopStyleVar();
    ImGui::EndChild();
}

void App::draw_right(float width, float height) {
    ImGui::PushStyleColor(ImGuiCol_ChildBg, theme_.surface);
    begin_area("right", {width, height}, AreaEdge::none, ImGuiWindowFlags_NoScrollbar);
    ImGui::PopStyleColor();
    ViewContext view = context(first_);
    PaneContext pane{view, settings_.chapter, first_.model ? first_.model->name : "",
                     settings_.beside};
    const float exercise = std::round(height * settings_.exercise);
    const float grip = 2 * theme_.unit;
    begin_area("lesson", {width, height - exercise - grip}, AreaEdge::padded);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(2 * theme_.unit, 2 * theme_.unit));
    scroll_stop(theme_);
    draw_lesson(pane);
    ImGui::PopStyleVar();
    ImGui::EndChild();
    draw_grip(width, grip, height);
    begin_area("exercise", {width, exercise}, AreaEdge::padded);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(2 * theme_.unit, 2 * theme_.unit));
    scroll_stop(theme_);
    draw_exercise(pane);
    ImGui::PopStyleVar();
    ImGui::EndChild();
    ImGui::EndChild();
}

/// Between lesson and exercise: drag it, or move it with the arrows while it has the focus.
void App::draw_grip(float width, float thickness, float height) {
    ImGui::InvisibleButton("##exercise", {width, thickness});
    const bool active = ImGui::IsItemActive(), hovered = ImGui::IsItemHovered();
    if (active || hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeNS);
    if (active) settings_.exercise -= ImGui::GetIO().MouseDelta.y / height;
    if (const int step = shows_key_focus() ? arrow_step().y : 0; step != 0) {
        settings_.exercise -= 0.03F * static_cast<float>(step);
        keep_focus_here();
    }
    settings_.exercise = std::clamp(settings_.exercise, 0.15F, 0.8F);
    const ImVec2 a = ImGui::GetItemRectMin(), b = ImGui::GetItemRectMax();
    const float y = std::round((a.y + b.y) / 2);
    ImGui::GetWindowDrawList()->AddLine({a.x, y}, {b.x, y},
                                        active || hovered ? theme_.accent : theme_.border,
                                        std::max(1.0F, theme_.scale));
}

void App::draw_status(float width) {
    const Language language = settings_.language;
    ImGui::PushFont(theme_.fonts.small);
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    const float height = std::round(7.0F * theme_.unit);
    ImDrawList* draw = ImGui::GetWindowDrawList();
    draw->AddRectFilled({0, size.y - height}, {width, size.y}, theme_.surface);
    draw->AddLine({0, size.y - height}, {width, size.y - height}, theme_.border, theme_.scale);
    std::string text = first_.model ? first_.model->name : say(language, "no model", "모델 없음");
    if (const auto& run = first_.run) {
        text += "  ·  " + facts_of(*run, language);
        if (run->parts != "fast") {
            const bool mine = is_mine(run->parts);
            text += !run->parts_problem.empty()
                        ? say(language, "  ·  your parts failed: the library's run",
                              "  ·  내 부품이 실패해서 라이브러리로 돌렸어요")
                    : mine ? say(language, "  ·  your parts", "  ·  내 부품")
                           : say(language, "  ·  the chapters' parts", "  ·  각 장의 부품");
        }
        if (run->truncated) {
            text += say(language, "  ·  text longer than the model's positions: cut",
                        "  ·  글이 모델이 볼 수 있는 길이를 넘어 뒤를 잘랐어요");
        }
    }
    char part[32];
    std::snprintf(part, sizeof part, "  ·  %.0f fps",
                  static_cast<double>(ImGui::GetIO().Framerate));
    text += part;
    draw->AddText({3 * theme_.unit, size.y - (height + ImGui::GetFontSize()) / 2}, theme_.muted,
                  text.c_str());

    const char* labels[] = {
        settings_.language == Language::korean ? "English" : "한국어",
        settings_.dark ? say(language, "Light", "밝게") : say(language, "Dark", "어둡게"), "A-",
        "A+", "F1"};
    const char* hints[] = {say(language, "Switch to Korean", "영어로 바꾸기"),
                           say(language, "Light or dark colours", "밝은 색, 어두운 색 바꾸기"),
                           say(language, "Smaller (Ctrl+-)", "작게 (Ctrl+-)"),
                           say(language, "Larger (Ctrl++)", "크게 (Ctrl++)"),
                           say(language, "Keyboard shortcuts", "단축키 보기")};
    float total = 0;
    for (const char* label : labels) total += ImGui::CalcTextSize(label).x + 5 * theme_.unit;
    ImGui::SetCursorPos({width - total - 2 * theme_.unit, size.y - height + theme_.unit * 0.5F});
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(2 * theme_.unit, theme_.unit));
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(theme_.unit, 0));
    ImGui::PushStyleColor(ImGuiCol_Button, IM_COL32(0, 0, 0, 0));
    for (int i = 0; i < 5; ++i) {
        if (i > 0) ImGui::SameLine();
        ImGui::PushID(i);
        const bool pressed = ImGui::Button(labels[i]);
        ImGui::PopID();
        if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", hints[i]);
        if (!pressed) continue;
        if (i == 0)
            settings_.language =
                language == Language::korean ? Language::english : Language::korean;
        if (i == 1) settings_.dark = !settings_.dark;
        if (i == 2) settings_.scale = std::max(0.75F, settings_.scale - 0.125F);
        if (i == 3) settings_.scale = std::min(2.5F, settings_.scale + 0.125F);
        if (i == 4) show_shortcuts_ = !show_shortcuts_;
        stale_ = stale_ || (i >= 1 && i <= 3);
    }
    ImGui::PopStyleColor();
    ImGui::PopStyleVar(2);
    ImGui::PopFont();
}

void App::take_shortcuts() {
    const ImGuiIO& io = ImGui::GetIO();
    if (io.KeyShift && key_pressed(ImGuiKey_Space, false) && text_box_.focused())
        text_box_.toggle_hangul();
    if (key_pressed(ImGuiKey_Escape, false)) show_shortcuts_ = false;
    if (!io.KeyCtrl) return;
    if (key_pressed(ImGuiKey_Enter, false)) {
        (first_.engine.generation().running ? first_.wishes.stop : first_.wishes.generate) = true;
    }
}

void App::handle_key(char key, bool ctrl) {
    const auto all = views();
    if (key == '?') show_shortcuts_ = !show_shortcuts_;
    if (!ctrl) return;
    if (key >= '1' && key <= '9' && key < '1' + static_cast<int>(all.size())) {
        first_.stage.view = all[static_cast<std::size_t>(key - '1')].id;
    }
    if (key == 'l') text_box_.focus();
    if (key == 'q') wants_close_ = true;
    if (key == 'd') settings_.dark = !settings_.dark;
    if (key == 'k') {
        settings_.language =
            settings_.language == Language::korean ? Language::english : Language::korean;
    }
    if (key == '+') settings_.scale = std::min(2.5F, settings_.scale + 0.125F);
    if (key == '-') settings_.scale = std::max(0.75F, settings_.scale - 0.125F);
    if (key == '0') settings_.scale = 1.0F;
    stale_ = stale_ || key == 'd' || key == '+' || key == '-' || key == '0';
}

void App::draw_shortcuts() {
    if (!show_shortcuts_) return;
    const Language language = settings_.language;
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos({size.x / 2, size.y / 2}, ImGuiCond_Always, {0.5F, 0.5F});
    ImGui::PushStyleColor(ImGuiCol_WindowBg, theme_.surface);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(6 * theme_.unit, 5 * theme_.unit));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, theme_.radius * 1.5F);
    ImGui::Begin("##shortcuts", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_AlwaysAutoResize |
                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing |
                     ImGuiWindowFlags_NoNav);
    ImGui::PushFont(theme_.fonts.title);
    ImGui::TextUnformatted(say(language, "Keyboard", "단축키"));
    ImGui::PopFont();
    ImGui::Dummy({0, theme_.unit});
    for (const Shortcut& line : shortcuts()) {
        ImGui::PushFont(theme_.fonts.mono);
        ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(theme_.accent), "%s", line.keys);
        ImGui::PopFont();
        ImGui::SameLine(76 * theme_.unit);
        ImGui::TextUnformatted(say(language, line.english, line.korean));
    }
    ImGui::End();
    ImGui::PopStyleVar(3);
    ImGui::PopStyleColor();
}

void App::draw_toast() {
    if (ImGui::GetTime() >= toast_until_) return;
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    ImDrawList* draw = ImGui::GetForegroundDrawList();
    const ImVec2 text = theme_.fonts.body->CalcTextSizeA(theme_.fonts.body->FontSize, size.x * 0.6F,
                                                         size.x * 0.6F, toast_.c_str());
    const float pad = 3 * theme_.unit;
    const ImVec2 at{(size.x - text.x) / 2 - pad, size.y - text.y - 16 * theme_.unit};
    const ImVec2 end{at.x + text.x + 2 * pad, at.y + text.y + 2 * pad};
    draw->AddRectFilled(at, end, theme_.text, theme_.radius);
    draw->AddText(theme_.fonts.body, theme_.fonts.body->FontSize, {at.x + pad, at.y + pad},
                  theme_.background, toast_.c_str(), nullptr, size.x * 0.6F);
}

}  // namespace vitrine::viz

#include "viz/app/shortcuts.h"

namespace vitrine::viz {

std::span<const Shortcut> shortcuts() {
    static constexpr Shortcut all[] = {
        {"Tab, Shift+Tab", "Go to the next element, or back", "다음 요소로 가기, 되돌아가기"},
        {"Enter, Space", "Press it; pin a cell of the heatmap", "누르기, 히트맵의 칸 고정하기"},
        {"← ↑ ↓ →", "Move inside it, or to a neighbour", "그 안에서, 또는 옆으로 움직이기"},
        {"Page Up, Page Down", "Scroll the pane that Tab stopped at", "Tab으로 고른 칸 넘겨 보기"},
        {"+, -, 0", "Zoom a heatmap", "히트맵 키우기, 줄이기"},
        {"Ctrl+L", "Go to the text box", "글 상자로 가기"},
        {"Ctrl+A, C, X, V", "Select all, copy, cut, paste a text",
         "글 모두 고르기, 복사, 자르기, 붙이기"},
        {"Ctrl+Z, Y", "Undo, redo", "되돌리기, 다시 하기"},
        {"Shift+Space", "Compose Hangul in the text box", "글 상자에서 한글 조합 켜고 끄기"},
        {"Ctrl+1, 2, 3, 4, 5, 6, 7, 8, 9", "Choose one of the first views", "앞쪽 화면 고르기"},
        {"Ctrl+Enter", "Generate, or stop generating", "생성하기, 멈추기"},
        {"Ctrl+K", "English or Korean", "영어, 한국어 바꾸기"},
        {"Ctrl+D", "Light or dark", "밝게, 어둡게"},
        {"Ctrl++, -, 0", "Larger, smaller, normal size", "크게, 작게, 보통 크기"},
        {"Ctrl+Q", "Close the app", "앱 닫기"},
        {"F1, Esc", "Show and close this list", "이 목록 열고 닫기"},
    };
    return all;
}

}  // namespace vitrine::viz

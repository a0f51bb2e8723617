// Answers to reveal, and the numbers in them, which the app computes when they are asked for.
#include "viz/app/displayable.h"
#include "viz/reader/computed.h"
#include "viz/reader/reader.h"
#include "viz/widgets/tooltip.h"

namespace vitrine::viz {

void Reader::draw_answer(const Block& block, float left, float width) {
    const Theme& theme = context_->theme;
    const std::pair<std::size_t, int> answer{block_, answers_++};
    ImGui::PushID(&block);
    if (revealed_.count(answer) == 0) {
        if (ImGui::Button(context_->say("Show the answer", "정답 보기"))) revealed_.insert(answer);
        gap(3.5F);
    } else {
        const float indent = 4 * theme.unit;
        ink_ = theme.muted;
        in_answer_ = true;
        for (const Block& child : block.children) draw_block(child, left + indent, width - indent);
        in_answer_ = false;
        ink_ = 0;
        gap(1);
    }
    ImGui::PopID();
}

/// Commands of an answer, with what they print now; what the lesson quotes is for readers of the
/// file.
void Reader::draw_computed(const Block& block, float left, float width) {
    const Theme& theme = context_->theme;
    const auto answer = context_->background.ask<std::string>(
        "lesson: " + block.text, 1, [console = block.text](const std::stop_token& stop) {
            return std::make_shared<const std::string>(computed_console(console, stop));
        });
    const std::vector<QuotedCommand> commands = quoted_commands(block.text);
    Block shown = block;
    std::string status;
    if (answer.value) {
        shown.text = *answer.value;
        const std::string model = commands.empty() ? "" : model_of(commands.front());
        status = context_->language == Language::korean ? "방금 " + model + " 모델로 계산했어요"
                                                        : "computed just now by " + model;
        if (shown.text != block.text)
            status += context_->say("; the printed lesson quotes other numbers",
                                    ". 책에 적힌 수와는 달라요");
    } else {
        shown.text.clear();
        for (const QuotedCommand& each : commands) shown.text += "$ " + each.line + "\n";
        status = answer.problem.empty()
                     ? context_->say("computing ...", "계산하고 있어요 ...")
                     : context_->say("This could not be computed: ", "계산하지 못했어요: ") +
                           answer.problem;
    }
    ImGui::SetCursorScreenPos({left, ImGui::GetCursorScreenPos().y});
    const bool failed = !answer.value && !answer.problem.empty();
    ImGui::PushStyleColor(ImGuiCol_Text, failed ? theme.bad : theme.accent);
    ImGui::PushFont(theme.fonts.small);
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
    ImGui::TextUnformatted(displayable(status).c_str());
    ImGui::PopTextWrapPos();
    ImGui::PopFont();
    ImGui::PopStyleColor();
    ImGui::PushID(&block);  // `shown` is a new one in every frame
    draw_code(shown, left, width);
    ImGui::PopID();
}

}  // namespace vitrine::viz

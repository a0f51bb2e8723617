// The left column: chapters with the learner's state, and models.
#include <algorithm>
#include <cmath>

#include "chapters/runner/comparison.h"
#include "chapters/runner/workspace.h"
#include "io/model_places.h"
#include "viz/app/model_shelf.h"
#include "viz/app/panes.h"
#include "viz/app/run_model.h"
#include "viz/panes/pane_memory.h"

namespace vitrine::viz {

using namespace vitrine::runner;

BookMemory& book(ViewContext& context) {
    auto& memory = context.memory.of<BookMemory>();
    const double now = ImGui::GetTime();
    if (!memory.chapters.empty() && now - memory.read_at < 1.0) return memory;
    memory.read_at = now;
    try {
        if (memory.chapters.empty()) memory.chapters = load_chapters();
        memory.progress = read_progress();
    } catch (const std::exception& problem) {
        memory.problem = problem.what();
    }
    return memory;
}

const Chapter* BookMemory::find(const std::string& id) const {
    for (const Chapter& chapter : chapters) {
        if (chapter.id == id) return &chapter;
    }
    return chapters.empty() ? nullptr : &chapters.front();
}

ExerciseState BookMemory::state_of(const std::string& id) const {
    const auto found = progress.find(id);
    return found == progress.end() ? ExerciseState::not_started : found->second.state;
}

namespace {

void heading(const Theme& theme, const char* text) {
    ImGui::PushFont(theme.fonts.small);
    ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(theme.muted), "%s", text);
    ImGui::PopFont();
}

/// A row that can be chosen: text, and a mark at its right end.
/// @param kept  room at the right that is another item's
bool row(const Theme& theme, const char* id, const std::string& text, bool chosen, ImU32 mark,
         float kept = 0.0F) {
    const float width = ImGui::GetContentRegionAvail().x - kept;
    const float height = 8 * theme.unit;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::PushID(id);
    const bool pressed = ImGui::InvisibleButton("row", {width, height});
    ImGui::PopID();
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const bool hovered = ImGui::IsItemHovered() || ImGui::IsItemFocused();
    if (chosen || hovered) {
        draw->AddRectFilled(at, {at.x + width + kept, at.y + height},
                            chosen ? theme.surface : theme.raised, theme.radius);
    }
    if (chosen)
        draw->AddRectFilled({at.x, at.y + 2 * theme.unit},
                            {at.x + 0.75F * theme.unit, at.y + height - 2 * theme.unit},
                            theme.accent, 2);
    ImFont* font = chosen ? theme.fonts.bold : theme.fonts.body;
    draw->AddText(font, font->FontSize,
                  {at.x + 3 * theme.unit, at.y + (height - font->FontSize) / 2}, theme.text,
                  text.c_str());
    if (mark != 0)
        draw->AddCircleFilled({at.x + width - 3 * theme.unit, at.y + height / 2}, theme.unit, mark);
    return pressed;
}

/// What a model is, when the pointer is on its row.
void describe(const ViewContext& view, const ModelInfo& n) {
    ImGui::SetTooltip("%s", facts_of(n, view.language).c_str());
}

const char* kind_of(const ViewContext& view, const ModelPlace& place) {
    if (place.kind == "bundled") return view.say("comes with Vitrine", "Vitrine에 들어 있는 모델");
    return view.say("in the cache of the Hugging Face hub", "Hugging Face 캐시에 있는 모델");
}

/// The models on the disk, looked for beside the window every few seconds.
std::vector<ModelPlace> listed_models(ViewContext& view) {
    const auto moment = static_cast<std::uint64_t>(ImGui::GetTime() / 5.0);
    const auto answer =
        view.background.ask<std::vector<ModelPlace>>("models", moment, [](const std::stop_token&) {
            return std::make_shared<const std::vector<ModelPlace>>(known_models());
        });
    return answer.value ? *answer.value : std::vector<ModelPlace>();
}

/// Two squares side by side: shows a model beside the first, or takes it away again.
void beside_button(ViewContext& view, const std::string& name, bool is_beside, float width) {
    const Theme& theme = view.theme;
    ImGui::SameLine(0.0F, 0.0F);
    ImGui::PushID(name.c_str());
    const bool pressed = ImGui::InvisibleButton("beside", {width, 8.0F * theme.unit});
    ImGui::PopID();
    const bool hovered = ImGui::IsItemHovered() || ImGui::IsItemFocused();
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    const float side = 2.25F * theme.unit, gap = 0.75F * theme.unit;
    const ImVec2 at{std::round((low.x + high.x) / 2.0F - side - gap / 2.0F),
                    std::round((low.y + high.y - 3.0F * theme.unit) / 2.0F)};
    const ImU32 colour = is_beside ? theme.accent : hovered ? theme.text : theme.muted;
    ImDrawList* draw = ImGui::GetWindowDrawList();
    for (const float x : {at.x, at.x + side + gap}) {
        const ImVec2 end{x + side, at.y + 3.0F * theme.unit};
        if (is_beside || x == at.x) draw->AddRectFilled({x, at.y}, end, colour, 1.0F);
        draw->AddRect({x, at.y}, end, colour, 1.0F);
    }
    if (ImGui::IsItemHovered()) {
        ImGui::SetTooltip("%s", is_beside
                                    ? view.say("Show the first model alone", "첫 모델만 보기")
                                    : view.say("Show it beside the first model, on the same text",
                                               "같은 글을 첫 모델과 나란히 보기"));
    }
    if (pressed) view.wishes.show_beside = is_beside ? "" : name;
}

/// The models that are there; a click chooses one.
void list_models(PaneContext& context) {
    ViewContext& view = context.view;
    const std::vector<ModelPlace> models = listed_models(view);
    const bool is_listed = std::any_of(models.begin(), models.end(), [&](const ModelPlace& each) {
        return each.name == context.model_name;
    });
    if (!is_listed && !context.model_name.empty()) {
        row(view.theme, "model", context.model_name, true, 0);
        if (ImGui::IsItemHovered() && view.run) describe(view, view.run->model->info());
    }
    for (const ModelPlace& place : models) {
        const bool chosen = place.name == context.model_name;
        const float kept = 7.0F * view.theme.unit;
        if (row(view.theme, place.name.c_str(), place.name, chosen, 0, kept) && !chosen)
            view.wishes.choose_model = place.name;
        if (ImGui::IsItemHovered()) {
            if (chosen && view.run) {
                describe(view, view.run->model->info());
            } else {
                ImGui::SetTooltip(
                    "%s\n%s", kind_of(view, place),
                    view.say("Click to run it on your text.", "누르면 이 모델로 글을 읽어요."));
            }
        }
        beside_button(view, place.name, place.name == context.beside_name, kept);
    }
    if (row(view.theme, "more", view.say("More models ...", "모델 더 보기"), false, 0))
        view.wishes.open_link = "view:models";
    if (ImGui::IsItemHovered()) {
        ImGui::SetTooltip("%s", view.say("All models that are here, and more of the hub",
                                         "여기 있는 모델 모두, 그리고 허브에서 받을 수 있는 모델"));
    }
}

/// What the model is run with; a click chooses, and the comparison says how they compare.
void draw_parts(ViewContext& view) {
    struct Choice {
        const char *id, *english, *korean, *hint_english, *hint_korean;
    };
    static constexpr Choice choices[] = {
        {"fast", "The library's", "라이브러리", "The fast ones.", "빠른 구현이에요."},
        {"chapters", "The chapters'", "각 장의 코드",
         "The clear ones that the lessons show, compared with the library's.",
         "수업에 나오는 읽기 쉬운 구현이에요. 라이브러리와 비교해요."},
        {"mine", "Mine", "내 코드",
         "Your files in workspace/, in a process of their own. The model runs again whenever you "
         "save.",
         "workspace/에 있는 내 파일을 따로 돌려요. 저장할 때마다 다시 돌아요."},
    };
    for (const Choice& choice : choices) {
        const bool chosen =
            view.parts == choice.id || (is_mine(view.parts) && std::string(choice.id) == "mine");
        const Run* run = view.run.get();
        const bool checked = chosen && run != nullptr && run->report && run->parts == view.parts;
        const bool right = checked && run->parts_problem.empty() && run->report->first.empty();
        const ImU32 mark = !checked ? 0 : right ? view.theme.good : view.theme.bad;
        if (row(view.theme, choice.id, view.say(choice.english, choice.korean), chosen, mark)) {
            if (!chosen) view.wishes.choose_parts = choice.id;
            if (std::string(choice.id) != "fast") view.wishes.open_link = "view:compare";
        }
        if (ImGui::IsItemHovered())
            ImGui::SetTooltip("%s", view.say(choice.hint_english, choice.hint_korean));
    }
}

}  // namespace

void draw_chapters(PaneContext& context) {
    ViewContext& view = context.view;
    const Theme& theme = view.theme;
    BookMemory& memory = book(view);
    ImGui::PushFont(theme.fonts.title);
    ImGui::TextUnformatted("Vitrine");
    ImGui::PopFont();
    ImGui::Dummy({0, theme.unit});
    heading(theme, view.say("CHAPTERS", "장"));
    if (!memory.problem.empty()) ImGui::TextWrapped("%s", memory.problem.c_str());
    const bool korean = view.language == Language::korean;
    for (const Chapter& chapter : memory.chapters) {
        const ExerciseState state = memory.state_of(chapter.id);
        const ImU32 mark = state == ExerciseState::passed    ? theme.good
                           : state == ExerciseState::started ? theme.accent
                                                             : 0;
        const std::string text = chapter.id.substr(0, 2) + "  " + chapter.title.in(korean);
        if (row(theme, chapter.id.c_str(), text, context.chapter == chapter.id, mark))
            context.chapter = chapter.id;
        if (ImGui::IsItemHovered()) {
            const char* says = state == ExerciseState::passed
                                   ? view.say("exercise passed", "연습 문제 통과")
                               : state == ExerciseState::started
                                   ? view.say("exercise started", "연습 문제 하는 중")
                                   : view.say("exercise not started", "연습 문제 시작 전");
            ImGui::SetTooltip("%s\n%s", chapter.summary.in(korean).c_str(), says);
        }
    }
    ImGui::Dummy({0, 2 * theme.unit});
    heading(theme, view.say("MODEL", "모델"));
    list_models(context);
    ImGui::Dummy({0, 2 * theme.unit});
    heading(theme, view.say("PARTS", "부품"));
    draw_parts(view);
}

}  // namespace vitrine::viz

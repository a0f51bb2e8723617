#include "viz/views/models.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "io/hub_environment.h"
#include "viz/app/displayable.h"
#include "viz/views/models_parts.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"

namespace vitrine::viz {

namespace {

using Shelf = std::vector<ShelfModel>;

/// Looks at the disk every few seconds, and at once when a download has come to its end.
void look(ViewContext& context, ModelsMemory& memory) {
    const ModelDownload::State download = memory.download.state();
    const bool ended = download.finished && download.name != memory.seen_finished;
    if (download.running) memory.seen_finished.clear();
    if (ended) {
        memory.seen_finished = download.name;
        context.wishes.toast = download.name + context.say(" is here.", ": 다 받았어요.");
    }
    if (ended || ImGui::GetTime() >= memory.look_at) {
        memory.look_at = ImGui::GetTime() + 5.0;
        ++memory.looks;
    }
    const auto answer = context.background.ask<Shelf>(
        "shelf", memory.looks, [before = memory.here](const std::stop_token&) {
            return std::make_shared<const Shelf>(models_here(before ? *before : Shelf()));
        });
    if (answer.value) memory.here = answer.value;
    if (download.running || answer.busy) context.wishes.animate = true;
}

/// A name, what it is, and room for buttons at the right. The buttons' place is the next item's.
class Row {
   public:
    Row(const Theme& theme, const std::string& name, const std::string& facts, bool marked,
        float buttons)
        : theme_(theme), low_(ImGui::GetCursorScreenPos()) {
        width_ = ImGui::GetContentRegionAvail().x;
        const float pad = 2.0F * theme.unit;
        ImGui::PushID(name.c_str());
        ImGui::SetCursorScreenPos({low_.x + pad, low_.y + pad});
        ImGui::BeginGroup();
        ImGui::PushFont(theme.fonts.bold);
        ImGui::TextUnformatted(displayable(name).c_str());
        ImGui::PopFont();
        caption(theme, facts, width_ - buttons - 4.0F * pad);
        ImGui::EndGroup();
        height_ = ImGui::GetItemRectMax().y + pad - low_.y;
        if (marked) {
            ImGui::GetWindowDrawList()->AddRectFilled(
                {low_.x, low_.y + pad}, {low_.x + 0.75F * theme.unit, low_.y + height_ - pad},
                theme.accent, 2.0F);
        }
        const float middle = low_.y + (height_ - ImGui::GetFrameHeight()) / 2.0F;
        ImGui::SetCursorScreenPos({low_.x + width_ - buttons, std::round(middle)});
    }
    ~Row() {
        ImGui::PopID();
        ImGui::SetCursorScreenPos(low_);
        ImGui::Dummy({width_, height_});
        const float y = low_.y + height_ + 0.5F * ImGui::GetStyle().ItemSpacing.y;
        ImGui::GetWindowDrawList()->AddLine({low_.x, y}, {low_.x + width_, y}, theme_.border);
    }
    Row(const Row&) = delete;
    Row& operator=(const Row&) = delete;

   private:
    const Theme& theme_;
    ImVec2 low_;
    float width_ = 0.0F, height_ = 0.0F;
};

float buttons_width(const Theme& theme, std::initializer_list<const char*> labels) {
    float width = 0.0F;
    for (const char* label : labels) width += button_width(label) + 2.0F * theme.unit;
    return width;
}

void draw_here(ViewContext& context, const ShelfModel& model) {
    const Theme& theme = context.theme;
    const std::string& name = model.place.name;
    const bool bundled = model.place.kind == "bundled";
    const char* from = bundled ? context.say("comes with Vitrine", "Vitrine에 들어 있어요")
                               : context.say("in the cache", "캐시에 있어요");
    if (!model.problem.empty()) {
        const Row row(theme, name, model.problem, false, 0.0F);
        return;
    }
    const bool chosen = context.run && context.run->model->name == name;
    const char* show = context.say("Show", "보기");
    const char* beside = context.say("Beside", "나란히 보기");
    const Row row(theme, name, facts_of(model.info, context.language) + "  ·  " + from, chosen,
                  buttons_width(theme, {show, beside}));
    if (action_button(theme, show, chosen)) context.wishes.choose_model = name;
    hover_note(theme, context.say("Runs it on your text.", "내 글을 이 모델로 읽어요."));
    ImGui::SameLine(0.0F, 2.0F * theme.unit);
    if (action_button(theme, beside)) context.wishes.show_beside = name;
    hover_note(theme, context.say("Shows it beside the first one, on the same text.",
                                  "같은 글을 두 모델로 읽어 나란히 보여요."));
}

void draw_download(ViewContext& context, ModelsMemory& memory) {
    const Theme& theme = context.theme;
    const ModelDownload::State state = memory.download.state();
    if (!state.problem.empty()) {
        wrapped(displayable(state.name + ": " + state.problem), theme.bad);
        return;
    }
    if (!state.running) return;
    const float width = ImGui::GetContentRegionAvail().x;
    const char* stop = context.say("Stop", "멈추기");
    const float share =
        state.total > 0
            ? static_cast<float>(static_cast<double>(state.done) / static_cast<double>(state.total))
            : 0.0F;
    const std::string bytes = state.total > 0 ? megabytes(static_cast<double>(state.done)) + " / " +
                                                    megabytes(static_cast<double>(state.total))
                                              : context.say("asking the hub", "허브에 물어보는 중");
    caption_line(theme, state.name.c_str(), bytes.c_str(), width);
    const float bar = width - buttons_width(theme, {stop});
    const float height = ImGui::GetFrameHeight();
    const ImVec2 low = ImGui::GetCursorScreenPos();
    const float top = low.y + height / 2.0F - theme.unit;
    ImDrawList* draw = ImGui::GetWindowDrawList();
    draw->AddRectFilled({low.x, top}, {low.x + bar, top + 2.0F * theme.unit}, theme.raised,
                        theme.unit);
    draw->AddRectFilled({low.x, top}, {low.x + bar * share, top + 2.0F * theme.unit}, theme.accent,
                        theme.unit);
    ImGui::Dummy({bar, height});
    ImGui::SameLine(0.0F, 2.0F * theme.unit);
    if (action_button(theme, stop)) memory.download.stop();
    hover_note(theme, context.say("What has come so far stays: it goes on from there.",
                                  "받은 만큼은 남아 있어서, 다음에 거기서부터 이어 받아요."));
}

void draw_suggestion(ViewContext& context, ModelsMemory& memory, const Suggestion& model,
                     bool can_get) {
    const Theme& theme = context.theme;
    const char* get = context.say("Get", "받기");
    const bool korean = context.language == Language::korean;
    const std::string size = korean ? std::string("매개변수 ") + model.parameters
                                    : std::string(model.parameters) + " parameters";
    const std::string facts = std::string(model.family) + "  ·  " + size + "  ·  " +
                              context.say(model.english, model.korean);
    const Row row(theme, model.name, facts, false, buttons_width(theme, {get}));
    if (action_button(theme, get, false, can_get)) memory.download.begin(model.name);
    hover_note(theme, context.say("Downloads it into the cache of the Hugging Face hub.",
                                  "Hugging Face 허브의 캐시에 내려받아요."));
}

/// Any other model of the hub, by its name.
void draw_other(ViewContext& context, ModelsMemory& memory, bool can_get) {
    const Theme& theme = context.theme;
    const char* get = context.say("Get", "받기");
    const float width = std::min(100.0F * theme.unit,
                                 ImGui::GetContentRegionAvail().x - buttons_width(theme, {get}));
    bool wanted = draw_text_field(
        theme, "##name", memory.name,
        context.say("OWNER/NAME of another model", "다른 모델의 OWNER/NAME"), width);
    hover_note(
        theme,
        context.say("Models of the families gpt2, llama, mistral, qwen2, bert, roberta, "
                    "t5, clip and mamba, with weights in safetensors. Enter begins and ends "
                    "typing.",
                    "gpt2, llama, mistral, qwen2, bert, roberta, t5, clip, mamba 계열이고 "
                    "가중치가 safetensors인 모델이면 돼요. Enter를 누르면 쓰기 시작하고, 다시 "
                    "누르면 끝나요."));
    ImGui::SameLine(0.0F, 2.0F * theme.unit);
    const bool ready = can_get && !memory.name.text().empty();
    ImGui::PushID("other");
    wanted = action_button(theme, get, false, ready) || wanted;
    ImGui::PopID();
    if (wanted && ready) memory.download.begin(memory.name.text());
}

bool is_here(const Shelf& here, const char* name) {
    return std::any_of(here.begin(), here.end(),
                       [&](const ShelfModel& model) { return model.place.name == name; });
}

}  // namespace

void draw_models(ViewContext& context) {
    const Theme& theme = context.theme;
    ModelsMemory& memory = context.memory.of<ModelsMemory>();
    look(context, memory);
    explain(theme, context.say("The models that can read your text. One of the hub is downloaded "
                               "once, into the cache that Python's libraries share.",
                               "내 글을 읽을 수 있는 모델이에요. 허브의 모델은 한 번만 내려받아요. "
                               "파이썬 라이브러리와 함께 쓰는 캐시에 담겨요."));
    ImGui::Dummy({0.0F, theme.unit});
    draw_download(context, memory);
    small_heading(theme, context.say("On this computer", "이 컴퓨터에 있는 모델"));
    if (!memory.here) {
        caption(theme, context.say("looking ...", "찾는 중이에요"), 100.0F * theme.unit);
        return;
    }
    for (const ShelfModel& model : *memory.here) draw_here(context, model);
    ImGui::Dummy({0.0F, 2.0F * theme.unit});
    small_heading(theme, context.say("On the Hugging Face hub", "Hugging Face 허브에 있는 모델"));
    const bool offline = hub_offline();
    if (offline) {
        explain(theme, context.say("HF_HUB_OFFLINE is set: nothing is downloaded.",
                                   "HF_HUB_OFFLINE이 켜져 있어서 내려받지 않아요."));
    }
    const bool can_get = !offline && !memory.download.state().running;
    for (const Suggestion& model : suggestions()) {
        if (!is_here(*memory.here, model.name)) draw_suggestion(context, memory, model, can_get);
    }
    ImGui::Dummy({0.0F, theme.unit});
    draw_other(context, memory, can_get);
}

}  // namespace vitrine::viz

#include "viz/app/app.h"

#include <imgui_internal.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "chapters/runner/process.h"
#include "io/assets.h"
#include "io/image.h"
#include "io/model_places.h"
#include "tensor/error.h"
#include "viz/app/dropped_file.h"
#include "viz/app/learner_run.h"
#include "viz/app/link.h"
#include "viz/widgets/area.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/keys.h"

namespace vitrine::viz {

namespace {

/// GPT-2's tokenizer of the assets, for comparison; null if it is not there: nothing else needs it.
std::shared_ptr<const Tokenizer> load_second() {
    try {
        return std::make_shared<const Tokenizer>(
            Tokenizer::load(assets_folder() / "tokenizers" / "gpt2"));
    } catch (const Error&) {
        return nullptr;
    }
}

}  // namespace

App::App(Settings settings, const std::filesystem::path& model_folder, TextureDevice textures)
    : settings_(std::move(settings)), text_box_(settings_.text), first_(std::move(textures)) {
    first_.stage.view = settings_.view;
    first_.stage.sampling.temperature = 0.8F;
    loading_second_ = std::async(std::launch::async, load_second);
    first_.engine.load(model_folder);
    if (settings_.parts != "fast") first_.engine.use_parts(settings_.parts);
    if (!settings_.picture.empty()) first_.engine.use_picture(settings_.picture);
    first_.engine.request(text_box_.text());
    if (!settings_.beside.empty()) show_beside(settings_.beside);
    if (!settings_.link.empty()) open_link(settings_.link);
}

bool App::prepare(float content_scale) {
    if (content_scale != content_scale_) stale_ = true;
    content_scale_ = content_scale;
    if (glyphs_ && glyphs_->full()) {
        room_ *= 1.5F;
        fonts_scale_ = 0.0F;
        stale_ = true;
    }
    if (!stale_) return false;
    stale_ = false;
    const Fonts fonts = theme_.fonts;
    theme_ = make_theme(settings_.dark, settings_.scale * content_scale_);
    theme_.fonts = fonts;
    const bool other_size = theme_.scale != fonts_scale_;
    if (other_size) {
        std::unique_ptr<GlyphCache> glyphs = load_fonts(theme_, room_);
        if (glyphs_) glyphs->take_over(*glyphs_);
        glyphs_ = std::move(glyphs);
        glyphs_->take_changed();  // the whole atlas is uploaded anyway
        fonts_scale_ = theme_.scale;
    }
    apply_theme(theme_);
    return other_size;
}

ViewContext App::context(Exhibit& exhibit) {
    const std::string problem = exhibit.engine.error();
    return {theme_,
            settings_.language,
            problem.empty() ? exhibit.run : nullptr,
            second_,
            second_ ? "GPT-2" : "",
            exhibit.engine.generation(),
            problem,
            exhibit.engine.busy(),
            exhibit.engine.loading(),
            exhibit.engine.parts(),
            exhibit.stage,
            exhibit.wishes,
            exhibit.memory,
            exhibit.background};
}

bool App::restless() const {
    return first_.busy() || (beside_ && beside_->busy()) || loading_second_.valid() || animating_ ||
           ImGui::GetTime() < toast_until_ || stale_;
}

void App::choose_model(const std::string& name) {
    try {
        const ModelPlace place = find_model(name);
        settings_.model = place.name;
        first_.engine.load(place.folder);
    } catch (const Error& problem) {
        first_.wishes.toast = problem.what();
    }
}

void App::show_beside(const std::string& name) {
    close_beside_ = name.empty();
    if (close_beside_) {
        settings_.beside.clear();
        return;
    }
    try {
        const ModelPlace place = find_model(name);
        if (!beside_) {
            beside_ = std::make_unique<Exhibit>(first_.memory.device());
            beside_->stage = first_.stage;
        }
        settings_.beside = place.name;
        beside_->engine.load(place.folder);
        beside_->engine.use_picture(settings_.picture);
        beside_->engine.request(text_box_.text());
    } catch (const Error& problem) {
        first_.wishes.toast = problem.what();
        if (!beside_) settings_.beside.clear();
    }
}

void App::request(const std::string& text) {
    first_.engine.request(text);
    if (beside_) beside_->engine.request(text);
}

void App::set_text(const std::string& text) {
    text_box_.set_text(text);
    request(text);
}

void App::use_picture(const std::string& file) {
    settings_.picture = file;
    first_.engine.use_picture(file);
    if (beside_) beside_->engine.use_picture(file);
}

void App::drop(const std::string& file) {
    if (is_picture(file)) {
        use_picture(file);
        bool is_read = false;
        for (Exhibit* each : {&first_, beside_.get()}) {
            if (each == nullptr || !each->model || each->model->clip() == nullptr) continue;
            each->stage.stack = "picture";
            is_read = true;
        }
        if (is_read) {
            first_.stage.view = "pictures";
        } else {
            first_.wishes.toast = say(
                settings_.language, "This model reads no pictures; one of the CLIP family does.",
                "이 모델은 그림을 읽지 않아요. CLIP 계열의 모델을 골라 보세요.");
        }
        return;
    }
    first_.memory.of<DroppedFile>().path = file;
    first_.stage.view = "training";
}

void App::open_link(const std::string& link) {
    try {
        if (link.rfind("https://", 0) == 0) {
            runner::start_program({"xdg-open", link});
            return;
        }
        if (link.rfind("view:", 0) != 0) return;
        const ViewLink parsed = parse_view_link(link);
        first_.show(parsed);
        if (beside_) beside_->show(parsed);
        const auto model = parsed.values.find("model");
        if (model != parsed.values.end() && (!first_.model || first_.model->name != model->second))
            choose_model(model->second);
        const auto beside = parsed.values.find("beside");
        if (beside != parsed.values.end()) show_beside(beside->second);
        const auto text = parsed.values.find("text");
        if (text != parsed.values.end()) set_text(text->second);
    } catch (const Error& problem) {
        first_.wishes.toast = problem.what();
    }
}

void App::carry_out_wishes() {
    animating_ = false;
    carry_out_wishes(first_);
    if (beside_) carry_out_wishes(*beside_);
}

void App::carry_out_wishes(Exhibit& exhibit) {
    Wishes wishes;
    std::swap(wishes, exhibit.wishes);
    animating_ = animating_ || wishes.animate;
    if (!wishes.toast.empty()) {
        toast_ = wishes.toast;
        toast_until_ = ImGui::GetTime() + 4.0;
    }
    if (wishes.has_set_text) set_text(wishes.set_text);
    if (!wishes.open_link.empty()) open_link(wishes.open_link);
    if (!wishes.choose_model.empty()) {
        &exhibit == &first_ ? choose_model(wishes.choose_model) : show_beside(wishes.choose_model);
    }
    if (wishes.show_beside) show_beside(*wishes.show_beside);
    if (!wishes.choose_picture.empty()) use_picture(wishes.choose_picture);
    if (!wishes.choose_parts.empty()) exhibit.engine.use_parts(wishes.choose_parts);
    if (wishes.generate) exhibit.engine.generate(exhibit.stage.sampling);
    if (wishes.step) exhibit.engine.step(exhibit.stage.sampling);
    if (wishes.stop) exhibit.engine.stop();
}

/// What one model writes, the other reads.
void App::follow(Exhibit& exhibit) {
    const auto text = exhibit.engine.take_generated_text();
    if (!text) return;
    text_box_.set_text(*text, true);
    if (&exhibit != &first_) first_.engine.request(*text);
    if (beside_ && &exhibit == &first_) beside_->engine.request(*text);
}

void App::settle() {
    if (loading_second_.valid()) loading_second_.wait();
    first_.settle();
    if (beside_) beside_->settle();
}

/// A save of a learner's file makes a new run with it. Looked for twice a second.
void App::rerun_on_save() {
    const double now = ImGui::GetTime();
    if (!is_mine(first_.engine.parts()) || now < look_for_save_at_) return;
    look_for_save_at_ = now + 0.5;
    const std::uint64_t save = newest_save();
    if (save != seen_save_ && seen_save_ != 0) first_.engine.use_parts(first_.engine.parts());
    seen_save_ = save;
}

void App::draw() {
    if (loading_second_.valid() &&
        loading_second_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
        second_ = loading_second_.get();
    }
    rerun_on_save();
    if (std::exchange(close_beside_, false)) beside_.reset();
    first_.begin_frame();
    follow(first_);
    if (beside_) {
        beside_->begin_frame();
        beside_->stage.view = first_.stage.view;
        follow(*beside_);
    }
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(size);
    ImGui::PushFont(theme_.fonts.body);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    ImGui::Begin("vitrine", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus |
                     ImGuiWindowFlags_NoScrollWithMouse);
    ImGui::PopStyleVar();
    take_shortcuts();
    tab_stops_.begin(text_box_.focused());

    const float s = theme_.scale;
    const float status = std::round(7.0F * theme_.unit);
    const float height = size.y - status;
    // A narrow window gives the stage its room first: the columns shrink, then the left one goes.
    const float gap = 2 * theme_.unit;
    float left = std::min(settings_.left * s, size.x * 0.2F);
    const float right = std::min(settings_.right * s, size.x * 0.36F);
    const bool has_left = size.x > 860 * s;
    if (!has_left) left = 0;
    const float middle = size.x - left - right - gap * (has_left ? 2 : 1);

    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
    if (has_left) {
        draw_left(left, height);
        ImGui::SameLine();
        draw_splitter("##left", settings_.left, 1.0F, 140, 600);
        ImGui::SameLine();
    }
    draw_middle(middle, height);
    ImGui::SameLine();
    draw_splitter("##right", settings_.right, -1.0F, 240, 1200);
    ImGui::SameLine();
    draw_right(right, height);
    ImGui::PopStyleVar();
    draw_status(size.x);
    tab_stops_.end();
    ImGui::End();
    draw_shortcuts();
    draw_toast();
    ImGui::PopFont();
    carry_out_wishes();
    settings_.text = text_box_.text();
    settings_.view = first_.stage.view;
}

void App::draw_middle(float width, float height) {
    begin_area("stage", {width, height}, AreaEdge::padded);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(2 * theme_.unit, 2 * theme_.unit));
    draw_text_row();
    draw_tabs();
    draw_stage();
    ImGui::PopStyleVar();
    ImGui::EndChild();
}

void App::draw_text_row() {
    const Language language = settings_.language;
    const float button = 11 * theme_.unit;
    const float width = ImGui::GetContentRegionAvail().x - button - 2 * theme_.unit;
    if (text_box_.draw(theme_, language, width, 2)) request(text_box_.text());
    ImGui::SameLine();
    const bool hangul = text_box_.composing_hangul();
    ImGui::PushStyleColor(ImGuiCol_Button, hangul ? theme_.accent : theme_.raised);
    ImGui::PushStyleColor(ImGuiCol_Text, hangul ? theme_.on_accent : theme_.text);
    if (ImGui::Button(hangul ? "한" : "A", {button, ImGui::GetItemRectSize().y})) {
        text_box_.toggle_hangul();
        text_box_.focus();
    }
    ImGui::PopStyleColor(2);
    if (ImGui::IsItemHovered()) {
        ImGui::SetTooltip("%s",
                          say(language,
                              "Type Korean on any keyboard: two-set layout (Shift+Space).\n"
                              "Not needed if your system has a Korean input method.",
                              "한글 입력기가 없어도 두벌식으로 입력할 수 있어요 (Shift+Space).\n"
                              "시스템 입력기를 쓰고 있다면 켜지 않아도 돼요."));
    }
}

void App::draw_tabs() {
    ImDrawList* draw = ImGui::GetWindowDrawList();
    int number = 1;
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(1.25F * theme_.unit, theme_.unit));
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(theme_.unit, theme_.unit));
    for (const View& view : views()) {
        const bool chosen = first_.stage.view == view.id;
        const char* label = say(settings_.language, view.english, view.korean);
        ImFont* font = chosen ? theme_.fonts.bold : theme_.fonts.body;
        ImGui::PushFont(font);
        if (number > 1) same_line_if_fits(theme_, button_width(label));  // else on the next row
        ImGui::PushStyleColor(ImGuiCol_Button, IM_COL32(0, 0, 0, 0));
        ImGui::PushStyleColor(ImGuiCol_Text, chosen ? theme_.text : theme_.muted);
        ImGui::PushID(view.id);
        if (ImGui::Button(label)) first_.stage.view = view.id;
        ImGui::PopID();
        ImGui::PopStyleColor(2);
        ImGui::PopFont();
        if (ImGui::IsItemHovered() && number <= 9) ImGui::SetTooltip("Ctrl+%d", number);
        if (chosen) {
            const ImVec2 a = ImGui::GetItemRectMin(), b = ImGui::GetItemRectMax();
            draw->AddRectFilled({a.x + 1.25F * theme_.unit, b.y - 2 * theme_.scale},
                                {b.x - 1.25F * theme_.unit, b.y}, theme_.accent, theme_.scale);
        }
        ++number;
    }
    ImGui::PopStyleVar(2);
}

void App::draw_splitter(const char* id, float& width, float direction, float low, float high) {
    const float thickness = 2 * theme_.unit;
    const float height = ImGui::GetIO().DisplaySize.y - std::round(7.0F * theme_.unit);
    ImGui::InvisibleButton(id, {thickness, height});
    const bool active = ImGui::IsItemActive(), hovered = ImGui::IsItemHovered();
    if (active || hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    if (active) width += direction * ImGui::GetIO().MouseDelta.x / theme_.scale;
    if (const int step = shows_key_focus() ? arrow_step().x : 0; step != 0) {
        width += direction * 16.0F * static_cast<float>(step);
        keep_focus_here();
    }
    width = std::clamp(width, low, high);
    const ImVec2 a = ImGui::GetItemRectMin(), b = ImGui::GetItemRectMax();
    const float x = std::round((a.x + b.x) / 2);
    ImGui::GetWindowDrawList()->AddLine({x, a.y}, {x, b.y},
                                        active || hovered ? theme_.accent : theme_.border,
                                        std::max(1.0F, theme_.scale));
}

}  // namespace vitrine::viz

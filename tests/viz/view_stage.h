// A stage without a window: ImGui with fonts and a theme, the bundled model's run on a text, and
// the pointer and keys of a learner. Views are drawn frame by frame and then looked at.
#pragma once

#include <imgui.h>
#include <imgui_internal.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "io/assets.h"
#include "viz/app/run_model.h"
#include "viz/app/view.h"
#include "viz/views/attention_summary.h"

namespace vitrine::viz {

inline std::shared_ptr<const LoadedModel> bundled_model() {
    return load_with_tokenizer(bundled_model_folder());
}

/// What the worker does: the start token in front, the forward pass with all activations.
inline std::shared_ptr<const Run> run_text(const std::shared_ptr<const LoadedModel>& model,
                                           const std::string& text) {
    static std::uint64_t serial = 0;
    auto run = std::make_shared<Run>();
    run->serial = ++serial;
    run->model = model;
    run->text = text;
    run->encoding = model->tokenizer->encode(text, false);
    run->has_start = true;
    Encoding& encoding = run->encoding;
    const int bos = model->info().bos_id;
    encoding.ids.insert(encoding.ids.begin(), bos);
    encoding.tokens.insert(encoding.tokens.begin(), model->tokenizer->token(bos));
    encoding.offsets.insert(encoding.offsets.begin(), {0, 0});
    encoding.type_ids.insert(encoding.type_ids.begin(), 0);
    Record record = Record::all();
    const Sequence sequence{encoding.ids, nullptr, &record};
    run->logits = model->language()->forward(std::span<const Sequence>(&sequence, 1)).front();
    run->activations = record.take_cache();
    find_attention(*run);
    return run;
}

class ViewStage {
   public:
    explicit ViewStage(ImVec2 size = {1000.0F, 700.0F}) : theme_(make_theme(false, 1.0F)) {
        imgui_ = ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.DisplaySize = size;
        io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
#if IMGUI_VERSION_NUM < 18700
        for (int key = 0; key < ImGuiKey_COUNT; ++key) io.KeyMap[key] = key;
#endif
        io.SetClipboardTextFn = [](void* to, const char* text) {
            *static_cast<std::string*>(to) = text;
        };
        io.ClipboardUserData = &clipboard;
        ImFont* font = io.Fonts->AddFontDefault();
        theme_.fonts = {font, font, font, font, font, font, font};
        unsigned char* pixels = nullptr;
        int width = 0, height = 0;
        io.Fonts->GetTexDataAsAlpha8(&pixels, &width, &height);
        move_away();
    }
    ~ViewStage() {
        memory_ = ViewMemory();
        ImGui::DestroyContext(imgui_);
    }
    ViewStage(const ViewStage&) = delete;
    ViewStage& operator=(const ViewStage&) = delete;

    /// Draws one frame of a view.
    void frame(void (*draw)(ViewContext&)) {
        ImGuiIO& io = ImGui::GetIO();
        io.DeltaTime = 1.0F / 60.0F;
        stage.hovered_position = -1;
        ImGui::NewFrame();
        ImGui::SetNextWindowPos({0.0F, 0.0F});
        ImGui::SetNextWindowSize(io.DisplaySize);
        ImGui::Begin("stage", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove);
        ViewContext view = context();
        if (logging_) ImGui::LogToClipboard(-1);
        draw(view);
        if (logging_) ImGui::LogFinish();  // the end of a card has done so already
        ImGui::End();
        ImGui::Render();
        io.MouseWheel = 0.0F;
    }
    void frames(void (*draw)(ViewContext&), int count) {
        for (int i = 0; i < count; ++i) frame(draw);
    }
    /// The text of everything drawn as a text item in one more frame: sentences, buttons, panels,
    /// up to the end of the first card.
    std::string text_of(void (*draw)(ViewContext&)) {
        const std::string kept = std::exchange(clipboard, "");
        logging_ = true;
        frame(draw);
        logging_ = false;
        return std::exchange(clipboard, kept);
    }
    void move_to(ImVec2 point) {
        ImGui::GetIO().MousePos = point;
    }
    void move_away() {
        ImGui::GetIO().MousePos = {-10000.0F, -10000.0F};
    }
    void click(void (*draw)(ViewContext&), ImVec2 point) {
        move_to(point);
        frames(draw, 2);
        ImGui::GetIO().MouseDown[0] = true;
        frame(draw);
        ImGui::GetIO().MouseDown[0] = false;
        frame(draw);
    }
    /// Presses and releases a key, then lets the view answer.
    void press(void (*draw)(ViewContext&), ImGuiKey key) {
#if IMGUI_VERSION_NUM < 18700
        ImGui::GetIO().KeysDown[key] = true;
        frame(draw);
        ImGui::GetIO().KeysDown[key] = false;
        frame(draw);
#else
        ImGui::GetIO().AddKeyEvent(key, true);
        frame(draw);
        ImGui::GetIO().AddKeyEvent(key, false);
        frame(draw);
#endif
    }
    /// Draws until what the view asked for in the background is there.
    void settle(void (*draw)(ViewContext&)) {
        for (int i = 0; i < 3; ++i) {
            frame(draw);
            background_.wait();
        }
        frame(draw);
    }
    ViewContext context() {
        return {theme_, language, run,   second, second_name, generation, error,
                busy,   loading,  parts, stage,  wishes,      memory_,    background_};
    }
    ViewMemory& memory() {
        return memory_;
    }
    const Theme& theme() const {
        return theme_;
    }

    std::shared_ptr<const Run> run;
    std::shared_ptr<const Tokenizer> second;
    std::string second_name = "GPT-2", error, clipboard;
    GenerationProgress generation;
    Language language = Language::english;
    bool busy = false, loading = false;
    std::string parts = "fast";
    Stage stage;
    Wishes wishes;

   private:
    ImGuiContext* imgui_ = nullptr;
    Theme theme_;
    ViewMemory memory_;
    Background background_;
    bool logging_ = false;
};

}  // namespace vitrine::viz

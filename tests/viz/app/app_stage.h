// The whole app without a window: frames drawn with the real fonts, keys and text as typed.
#pragma once

#include <imgui.h>
#include <imgui_internal.h>

#include <string>

#include "io/assets.h"
#include "text/utf8.h"
#include "viz/app/app.h"

namespace vitrine::viz {

class AppStage {
   public:
    explicit AppStage(ImVec2 size = {1440.0F, 900.0F}, Settings settings = {},
                      const std::filesystem::path& model = bundled_model_folder(),
                      TextureDevice textures = recorded_textures())
        : imgui_(ImGui::CreateContext()) {
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.DisplaySize = size;
        io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
        io.MousePos = {-1e4F, -1e4F};
#if IMGUI_VERSION_NUM < 18700
        for (int key = 0; key < ImGuiKey_COUNT; ++key) io.KeyMap[key] = key;
#endif
        io.ClipboardUserData = &clipboard;
        io.SetClipboardTextFn = [](void* to, const char* text) {
            *static_cast<std::string*>(to) = text;
        };
        io.GetClipboardTextFn = [](void* from) { return static_cast<std::string*>(from)->c_str(); };
        app = std::make_unique<App>(std::move(settings), model, std::move(textures));
    }
    ~AppStage() {
        app.reset();
        ImGui::DestroyContext(imgui_);
    }
    AppStage(const AppStage&) = delete;
    AppStage& operator=(const AppStage&) = delete;

    void frame() {
        app->prepare(1.0F);
        ImGui::GetIO().DeltaTime = 1.0F / 60.0F;
        ImGui::NewFrame();
        app->draw();
        ImGui::Render();
        app->take_changed_glyphs();
    }
    void frames(int count) {
        for (int i = 0; i < count; ++i) {
            app->settle();
            frame();
        }
    }
    void type(const std::string& text) {
        for (std::size_t i = 0; i < text.size();) {
            const CodePoint point = read_code_point(text, i);
            app->text_box().type(point.value);
            i += static_cast<std::size_t>(point.bytes);
            frame();
        }
    }
    void press(ImGuiKey key, bool ctrl = false, bool shift = false) {
        ImGuiIO& io = ImGui::GetIO();
#if IMGUI_VERSION_NUM < 18700
        io.KeyCtrl = ctrl;
        io.KeyShift = shift;
        io.KeysDown[key] = true;
        frame();
        io.KeysDown[key] = false;
        io.KeyCtrl = io.KeyShift = false;
        frame();
#else
        io.AddKeyEvent(ImGuiMod_Ctrl, ctrl);
        io.AddKeyEvent(ImGuiMod_Shift, shift);
        io.AddKeyEvent(key, true);
        frame();
        io.AddKeyEvent(key, false);
        io.AddKeyEvent(ImGuiMod_Ctrl, false);
        io.AddKeyEvent(ImGuiMod_Shift, false);
        frame();
#endif
    }

    std::string clipboard;
    std::unique_ptr<App> app;

   private:
    ImGuiContext* imgui_;
};

}  // namespace vitrine::viz

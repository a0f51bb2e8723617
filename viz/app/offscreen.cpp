#include "viz/app/offscreen.h"

#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include "tensor/error.h"
#include "viz/app/app.h"
#include "viz/app/gl.h"

namespace vitrine::viz {

namespace {

[[noreturn]] void no_egl(const char* what) {
    throw Error("--screenshot", "EGL with OpenGL 3.3", std::string("no ") + what,
                "install Mesa's drivers: libegl1 and libgl1-mesa-dri");
}

/// An OpenGL context without window or display.
class Context {
   public:
    Context() {
        display_ =
            eglGetPlatformDisplay(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
        if (display_ == EGL_NO_DISPLAY || eglInitialize(display_, nullptr, nullptr) == EGL_FALSE)
            no_egl("display");
        if (eglBindAPI(EGL_OPENGL_API) == EGL_FALSE) no_egl("OpenGL");
        const EGLint config_wish[] = {EGL_SURFACE_TYPE, 0, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT,
                                      EGL_NONE};
        EGLConfig config = nullptr;
        EGLint count = 0;
        eglChooseConfig(display_, config_wish, &config, 1, &count);
        const EGLint version[] = {EGL_CONTEXT_MAJOR_VERSION,
                                  3,
                                  EGL_CONTEXT_MINOR_VERSION,
                                  3,
                                  EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                  EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                  EGL_NONE};
        context_ =
            eglCreateContext(display_, count > 0 ? config : nullptr, EGL_NO_CONTEXT, version);
        if (context_ == EGL_NO_CONTEXT ||
            eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, context_) == EGL_FALSE) {
            no_egl("context of OpenGL 3.3");
        }
    }
    ~Context() {
        eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
        eglDestroyContext(display_, context_);
        eglTerminate(display_);
    }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

   private:
    EGLDisplay display_ = EGL_NO_DISPLAY;
    EGLContext context_ = EGL_NO_CONTEXT;
};

void draw(App& app) {
    if (app.prepare(1.0F)) {
        ImGui_ImplOpenGL3_DestroyFontsTexture();
        ImGui_ImplOpenGL3_CreateFontsTexture();
    }
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {static_cast<float>(app.settings().width),
                      static_cast<float>(app.settings().height)};
    io.DeltaTime = 1.0F / 60.0F;
    ImGui_ImplOpenGL3_NewFrame();
    ImGui::NewFrame();
    app.draw();
    ImGui::Render();
    upload_glyphs(app.take_changed_glyphs());
}

}  // namespace

void take_screenshot(const Screenshot& screenshot) {
    const Context context;
    const int width = screenshot.settings.width, height = screenshot.settings.height;
    bind_new_frame_buffer(width, height);
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui_ImplOpenGL3_Init("#version 330 core");
    {
        App app(screenshot.settings, screenshot.model_folder, opengl_textures());
        constexpr int settling_frames = 6;  // layout, textures and scrolling need a few
        for (int frame = 0; frame < settling_frames; ++frame) {
            app.settle();
            draw(app);
        }
        if (!app.problem().empty()) throw Error(app.problem());
        clear_frame(app.theme().background, width, height);
        ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
        check_gl("screenshot");
        write_png(screenshot.out, read_frame(width, height));
    }
    ImGui_ImplOpenGL3_Shutdown();
    ImGui::DestroyContext();
}

}  // namespace vitrine::viz

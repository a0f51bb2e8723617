#include "viz/app/window.h"

#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <ctime>
#include <memory>
#include <vector>

#include "io/atomic_file.h"
#include "tensor/error.h"
#include "viz/app/app.h"
#include "viz/app/gl.h"

namespace vitrine::viz {

namespace {

struct Window {
    GLFWwindow* handle = nullptr;
    std::unique_ptr<App> app;
    int wake_frames = 3;  // frames to draw before the window sleeps: hover and layout settle
};

Window& of(GLFWwindow* handle) {
    return *static_cast<Window*>(glfwGetWindowUserPointer(handle));
}

[[noreturn]] void no_display() {
    const char* reason = nullptr;
    glfwGetError(&reason);
    throw Error(
        "app", "a display", reason == nullptr ? "none" : reason,
        "without one, `vitrine app --view attention --text TEXT --screenshot out.png` draws a "
        "picture, and `vitrine tokenize`, `generate` and `check` work in the terminal");
}

void on_character(GLFWwindow* handle, unsigned character) {
    of(handle).app->text_box().type(character);
}

void on_key(GLFWwindow* handle, int key, int, int action, int mods) {
    if (action == GLFW_RELEASE) return;
    const bool ctrl = (mods & (GLFW_MOD_CONTROL | GLFW_MOD_SUPER)) != 0;
    App& app = *of(handle).app;
    if (key == GLFW_KEY_F1) app.handle_key('?', false);
    if (key >= GLFW_KEY_0 && key <= GLFW_KEY_9)
        app.handle_key(static_cast<char>('0' + key - GLFW_KEY_0), ctrl);
    if (key >= GLFW_KEY_A && key <= GLFW_KEY_Z)
        app.handle_key(static_cast<char>('a' + key - GLFW_KEY_A), ctrl);
    if (key == GLFW_KEY_EQUAL || key == GLFW_KEY_KP_ADD) app.handle_key('+', ctrl);
    if (key == GLFW_KEY_MINUS || key == GLFW_KEY_KP_SUBTRACT) app.handle_key('-', ctrl);
}

/// Sets our callbacks behind Dear ImGui's: its own keep running first. The text box takes whole
/// code points, which ImGui's 16-bit queue would lose.
void chain_callbacks(GLFWwindow* handle) {
    static GLFWcharfun imgui_character = nullptr;
    static GLFWkeyfun imgui_key = nullptr;
    imgui_character = glfwSetCharCallback(handle, nullptr);
    imgui_key = glfwSetKeyCallback(handle, nullptr);
    glfwSetCharCallback(handle, [](GLFWwindow* w, unsigned c) {
        imgui_character(w, c);
        on_character(w, c);
    });
    glfwSetKeyCallback(handle, [](GLFWwindow* w, int key, int code, int action, int mods) {
        imgui_key(w, key, code, action, mods);
        on_key(w, key, code, action, mods);
    });
    glfwSetDropCallback(handle, [](GLFWwindow* w, int count, const char** files) {
        if (count > 0) of(w).app->drop(files[0]);
        of(w).wake_frames = 3;
    });
}

double own_seconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void draw_frame(Window& window, std::vector<double>& times) {
    float scale = 1.0F;
    glfwGetWindowContentScale(window.handle, &scale, nullptr);
    if (window.app->prepare(scale)) {
        ImGui_ImplOpenGL3_DestroyFontsTexture();
        ImGui_ImplOpenGL3_CreateFontsTexture();
    }
    const double start = own_seconds();
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ImGui::NewFrame();
    window.app->draw();
    ImGui::Render();
    times.push_back(own_seconds() - start);  // without the driver's part
    upload_glyphs(window.app->take_changed_glyphs());
    int width = 0, height = 0;
    glfwGetFramebufferSize(window.handle, &width, &height);
    clear_frame(window.app->theme().background, width, height);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    check_gl("frame");
}

void write_times(const std::string& path, const std::vector<double>& times) {
    std::string text = "[";
    for (const double time : times)
        text += (text.size() > 1 ? ", " : "") + std::to_string(1e3 * time);
    write_text_file(path, text + "]\n");
}

}  // namespace

int run_window(const WindowOptions& options) {
    glfwSetErrorCallback([](int, const char*) {});
    if (glfwInit() == GLFW_FALSE) no_display();
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    Window window;
    window.handle = glfwCreateWindow(options.settings.width, options.settings.height, "Vitrine",
                                     nullptr, nullptr);
    if (window.handle == nullptr) {
        glfwTerminate();
        no_display();
    }
    glfwSetWindowSizeLimits(window.handle, 640, 400, GLFW_DONT_CARE, GLFW_DONT_CARE);
    glfwMakeContextCurrent(window.handle);
    glfwSwapInterval(1);
    glfwSetWindowUserPointer(window.handle, &window);

    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui::GetIO().ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    ImGui_ImplGlfw_InitForOpenGL(window.handle, true);
    ImGui_ImplOpenGL3_Init("#version 330 core");
    window.app = std::make_unique<App>(options.settings, options.model_folder, opengl_textures());
    chain_callbacks(window.handle);

    std::vector<double> times;
    while (glfwWindowShouldClose(window.handle) == GLFW_FALSE && !window.app->wants_close()) {
        // Nothing moves: sleep until the learner does something. The caret blinks twice a second.
        if (window.app->restless() || window.wake_frames > 0) {
            glfwPollEvents();
        } else {
            const double before = glfwGetTime();
            glfwWaitEventsTimeout(0.5);
            if (glfwGetTime() - before < 0.49) window.wake_frames = 3;
        }
        window.wake_frames = std::max(0, window.wake_frames - 1);
        draw_frame(window, times);
        glfwSwapBuffers(window.handle);
    }
    if (!options.dump_on_close.empty()) {
        draw_frame(window, times);
        int width = 0, height = 0;
        glfwGetFramebufferSize(window.handle, &width, &height);
        write_png(options.dump_on_close, read_frame(width, height));
    }
    if (!options.measure.empty()) write_times(options.measure, times);
    Settings settings = window.app->settings();
    glfwGetWindowSize(window.handle, &settings.width, &settings.height);
    if (options.remember) write_settings(settings_file(), settings);
    window.app.reset();
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext();
    glfwDestroyWindow(window.handle);
    glfwTerminate();
    return 0;
}

}  // namespace vitrine::viz

// The app without its window: all of its state, and the drawing of one frame. The window and the
// offscreen screenshot both run this.
#pragma once

#include <future>
#include <memory>
#include <string>

#include "viz/app/exhibit.h"
#include "viz/app/fonts.h"
#include "viz/app/settings.h"
#include "viz/widgets/keys.h"
#include "viz/widgets/text_box.h"

namespace vitrine::viz {

class App {
   public:
    /// @param model_folder  is read in the background; one that can't be loaded becomes the app's
    ///                      error state
    App(Settings settings, const std::filesystem::path& model_folder, TextureDevice textures);

    /// Loads fonts and colours again if theme or scale ask for it. Outside of a frame. True if the
    /// atlas is another one and must be uploaded.
    bool prepare(float content_scale);
    /// Why there is no run; empty if there is one or will be.
    std::string problem() const { return first_.engine.error(); }
    /// Waits until everything that was asked for in the background is there: for screenshots.
    void settle();
    /// Characters that joined the fonts in this frame, to upload before it is shown.
    GlyphCache::Area take_changed_glyphs() { return glyphs_->take_changed(); }
    /// Draws one frame between ImGui::NewFrame and ImGui::Render.
    void draw();

    Stage& stage() { return first_.stage; }
    TextBox& text_box() { return text_box_; }
    Settings& settings() { return settings_; }
    const Theme& theme() const { return theme_; }
    Engine* engine() { return &first_.engine; }
    /// The second model's; null if there is none.
    Exhibit* beside() { return beside_.get(); }
    /// By a name of known_models(), or a folder.
    void choose_model(const std::string& name);
    /// A second model beside the first, on the same text; empty: the first alone again.
    void show_beside(const std::string& name);
    /// Follows a "view:..." link.
    void open_link(const std::string& link);
    void set_text(const std::string& text);
    /// What models of pictures look at.
    void use_picture(const std::string& file);
    /// A file was dropped on the window: a picture to look at, or a text to train on.
    void drop(const std::string& file);
    /// A key with Ctrl held, or '?' for F1, by the character it has on the learner's layout.
    void handle_key(char key, bool ctrl);
    /// True once Ctrl+Q was pressed.
    bool wants_close() const { return wants_close_; }
    /// True while something moves or is computed: the window keeps drawing.
    bool restless() const;

   private:
    void draw_left(float width, float height);
    void draw_middle(float width, float height);
    void draw_right(float width, float height);
    void draw_text_row();
    void draw_tabs();
    void draw_stage();
    void draw_exhibit(Exhibit& exhibit, ImVec2 size);
    void draw_exhibit_heading(Exhibit& exhibit);
    void draw_status(float width);
    void draw_grip(float width, float thickness, float height);
    void draw_splitter(const char* id, float& width, float direction, float low, float high);
    void draw_shortcuts();
    void draw_toast();
    void take_shortcuts();
    void rerun_on_save();
    void request(const std::string& text);
    void follow(Exhibit& exhibit);
    void carry_out_wishes();
    void carry_out_wishes(Exhibit& exhibit);
    ViewContext context(Exhibit& exhibit);

    Settings settings_;
    Theme theme_;
    std::unique_ptr<GlyphCache> glyphs_;
    float room_ = 1.0F;         // in the atlas for further characters; grows when it is used up
    float fonts_scale_ = 0.0F;  // that the fonts were drawn at
    bool stale_ = true;         // fonts and colours must be made anew
    float content_scale_ = 1.0F;
    TextBox text_box_;
    std::future<std::shared_ptr<const Tokenizer>> loading_second_;
    std::shared_ptr<const Tokenizer> second_;  // for comparison; null until it is loaded
    Exhibit first_;
    std::unique_ptr<Exhibit> beside_;  // a second model on the same text; null: none
    bool close_beside_ = false;        // before the next frame: this one still shows its textures
    double look_for_save_at_ = 0;
    std::uint64_t seen_save_ = 0;
    TabStops tab_stops_;
    bool show_shortcuts_ = false, wants_close_ = false;
    std::string toast_;
    double toast_until_ = 0;
    bool animating_ = false;  // a view asked for the next frame
};

}  // namespace vitrine::viz

// Draws a lesson in a column: text in mixed styles, formulas, code, tables, links, answers to
// reveal.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "viz/app/view.h"
#include "viz/reader/document.h"
#include "viz/reader/math.h"

namespace vitrine::viz {

class Reader {
   public:
    /// Where the reading is.
    struct Place {
        std::size_t block = 0;  // the top-level one at the upper edge
        float part = 0;         // of it that lies above the edge, 0 to 1
    };

    /// Shows this lesson from its start.
    void open(Document document, std::filesystem::path folder);
    /// Shows the same lesson in the other language, at the place where the reading is: both have
    /// the same blocks.
    void open_translation(Document document);
    /// Draws it into the present child window. Clicked links go to context.wishes.open_link.
    void draw(ViewContext& context);

    /// Of all blocks, in pixels.
    float height() const;
    Place place() const { return place_; }
    /// How many of the top-level blocks the last frame laid out: those in sight and near to it.
    int laid_out() const { return laid_out_; }

   private:
    struct Piece {  // a word, a formula or a stretch of code within a line
        const Span* span = nullptr;
        std::string text;  // as it is drawn
        ImFont* font = nullptr;
        float width = 0, ascent = 0, descent = 0;
        bool space_before = false;
        const MathBox* formula = nullptr;
    };
    struct Line {
        std::size_t begin, end;  // of the pieces
        float width, ascent, descent;
    };

    void measure_all(float left, float width);
    void draw_top_block(std::size_t index, float left, float width);
    float return_to_place(float start);
    void note_place(float start);
    void draw_block(const Block& block, float left, float width);
    void draw_spans(const Spans& spans, float left, float width, ImFont* font, ImU32 colour);
    void draw_list(const Block& block, float left, float width);
    void draw_quote(const Block& block, float left, float width);
    void draw_code(const Block& block, float left, float width);
    void draw_answer(const Block& block, float left, float width);
    void draw_computed(const Block& block, float left, float width);
    void draw_table(const Block& block, float left, float width);
    void draw_image(const Block& block, float left, float width);
    void draw_formula(const MathBox& box, float x, float baseline, ImU32 colour);
    void draw_link(const Piece& piece, float x, float baseline);
    void draw_piece(const Piece& piece, float x, float baseline, ImU32 colour);
    void draw_display(const Span& span, float left, float width);
    std::vector<Piece> pieces_of(const Spans& spans, ImFont* font);
    void add_words(const Span& span, ImFont* font, std::vector<Piece>& pieces);
    static std::vector<Piece> cut_long(const std::vector<Piece>& pieces, float width, float pad);
    std::vector<Line> break_lines(const std::vector<Piece>& pieces, float width) const;
    void draw_line(const std::vector<Piece>& pieces, const Line& line, float left, float top,
                   ImU32 colour);
    float spans_width(const Spans& spans, ImFont* font);
    const MathBox* formula(const std::string& latex, bool display, float size);
    void gap(float units);

    Document document_;
    std::filesystem::path folder_;
    ViewContext* context_ = nullptr;  // of the frame that is drawn
    float body_size_ = 16;
    ImU32 ink_ = 0;               // of text; 0: the theme's
    std::vector<float> heights_;  // of the top-level blocks, at this width and size
    float width_ = 0;             // that they were measured at
    Place place_;
    int laid_out_ = 0;
    std::size_t block_ = 0;                           // top-level one that is drawn
    int answers_ = 0;                                 // met in it
    bool in_answer_ = false;                          // that is drawn
    std::map<std::string, MathBox> formulas_;         // by size, display and source
    std::map<std::string, std::string> problems_;     // formulas that are not understood
    std::set<std::pair<std::size_t, int>> revealed_;  // answers: top-level block, number within it
    std::map<std::string, Texture> images_;
};

}  // namespace vitrine::viz

#include "viz/reader/document.h"

#include <md4c.h>

#include <algorithm>
#include <memory>

#include "io/json.h"
#include "tensor/error.h"
#include "viz/reader/entities.h"

namespace vitrine::viz {

namespace {

/// Builds the tree from md4c's calls.
class Builder {
   public:
    Builder() { open_.push_back(&root_); }

    Document take() { return {std::move(root_.children)}; }
    std::string problem;

    void enter_block(MD_BLOCKTYPE type, void* detail) {
        switch (type) {
            case MD_BLOCK_DOC: break;
            case MD_BLOCK_H:
                push(Block::Kind::heading).level =
                    static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
                break;
            case MD_BLOCK_P: push(Block::Kind::paragraph); break;
            case MD_BLOCK_UL: push(Block::Kind::list); break;
            case MD_BLOCK_OL: {
                Block& list = push(Block::Kind::list);
                list.ordered = true;
                list.start = static_cast<int>(static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start);
                break;
            }
            case MD_BLOCK_LI: {
                const auto& item = *static_cast<MD_BLOCK_LI_DETAIL*>(detail);
                push(Block::Kind::item).task = item.is_task == 0       ? Block::Task::none
                                               : item.task_mark == ' ' ? Block::Task::open
                                                                       : Block::Task::done;
                break;
            }
            case MD_BLOCK_QUOTE: push(Block::Kind::quote); break;
            case MD_BLOCK_CODE: {
                push(Block::Kind::code).info =
                    attribute(static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->info);
                break;
            }
            case MD_BLOCK_HR: push(Block::Kind::rule); break;
            case MD_BLOCK_TABLE: push(Block::Kind::table); break;
            case MD_BLOCK_THEAD:
            case MD_BLOCK_TBODY: break;
            case MD_BLOCK_TR: open_.back()->rows.emplace_back(); break;
            case MD_BLOCK_TH:
            case MD_BLOCK_TD: enter_cell(*static_cast<MD_BLOCK_TD_DETAIL*>(detail)); break;
            case MD_BLOCK_HTML: problem = "raw HTML"; break;
        }
    }

    void leave_block(MD_BLOCKTYPE type) {
        const bool keeps_open = type == MD_BLOCK_DOC || type == MD_BLOCK_THEAD ||
                                type == MD_BLOCK_TBODY || type == MD_BLOCK_TR ||
                                type == MD_BLOCK_HTML;
        if (type == MD_BLOCK_TH || type == MD_BLOCK_TD) {
            in_cell_ = false;
        } else if (!keeps_open) {
            open_.pop_back();
        }
    }

    void enter_span(MD_SPANTYPE type, void* detail) {
        if (type == MD_SPAN_STRONG) style_.bold = true;
        if (type == MD_SPAN_EM) style_.italic = true;
        if (type == MD_SPAN_DEL) style_.struck = true;
        if (type == MD_SPAN_CODE) style_.kind = Span::Kind::code;
        if (type == MD_SPAN_LATEXMATH) style_.kind = Span::Kind::math;
        if (type == MD_SPAN_LATEXMATH_DISPLAY) style_.kind = Span::Kind::display_math;
        if (type == MD_SPAN_A) {
            style_.link = attribute(static_cast<MD_SPAN_A_DETAIL*>(detail)->href);
        }
        if (type == MD_SPAN_IMG) {
            Block& block = *open_.back();  // an image stands in a paragraph of its own
            block.kind = Block::Kind::image;
            block.source = attribute(static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src);
        }
    }

    void leave_span(MD_SPANTYPE type) {
        if (type == MD_SPAN_STRONG) style_.bold = false;
        if (type == MD_SPAN_EM) style_.italic = false;
        if (type == MD_SPAN_DEL) style_.struck = false;
        if (type == MD_SPAN_A) style_.link.clear();
        if (type == MD_SPAN_CODE || type == MD_SPAN_LATEXMATH ||
            type == MD_SPAN_LATEXMATH_DISPLAY) {
            style_.kind = Span::Kind::text;
        }
    }

    void text(MD_TEXTTYPE type, std::string_view text) {
        Block& block = *open_.back();
        if (type == MD_TEXT_HTML) problem = "raw HTML: " + std::string(text);
        if (block.kind == Block::Kind::code || block.kind == Block::Kind::image) {
            block.text += text;
            return;
        }
        Spans& spans = in_cell_ ? block.rows.back().back() : block.spans;
        Span span = style_;
        span.text = type == MD_TEXT_SOFTBR   ? " "
                    : type == MD_TEXT_ENTITY ? entity_text(text)
                                             : std::string(text);
        if (type == MD_TEXT_BR) span.kind = Span::Kind::line_break;
        const bool joins = !spans.empty() && spans.back().kind == span.kind &&
                           spans.back().bold == span.bold && spans.back().italic == span.italic &&
                           spans.back().link == span.link && spans.back().struck == span.struck &&
                           span.kind != Span::Kind::display_math;
        if (joins) {
            spans.back().text += span.text;
        } else {
            spans.push_back(std::move(span));
        }
    }

   private:
    Block& push(Block::Kind kind) {
        Block& parent = *open_.back();
        parent.children.emplace_back();
        parent.children.back().kind = kind;
        open_.push_back(&parent.children.back());
        return *open_.back();
    }

    void enter_cell(const MD_BLOCK_TD_DETAIL& detail) {
        Block& table = *open_.back();
        in_cell_ = true;
        table.rows.back().emplace_back();
        if (table.rows.size() > 1) return;
        table.alignment.push_back(detail.align == MD_ALIGN_CENTER  ? 0
                                  : detail.align == MD_ALIGN_RIGHT ? 1
                                                                   : -1);
    }

    /// A link's or picture's address, with its entities as characters.
    static std::string attribute(const MD_ATTRIBUTE& attribute) {
        std::string result;
        for (std::size_t i = 0; attribute.text != nullptr && i < attribute.size;) {
            std::size_t part = 0;  // that i lies in
            while (attribute.substr_offsets[part + 1] <= i) ++part;
            const std::size_t end = attribute.substr_offsets[part + 1];
            const std::string_view text(attribute.text + i, end - i);
            result += attribute.substr_types[part] == MD_TEXT_ENTITY ? entity_text(text)
                                                                     : std::string(text);
            i = end;
        }
        return result;
    }

    Block root_;
    std::vector<Block*> open_;
    Span style_;
    bool in_cell_ = false;
};

int as_status(Builder& builder) {
    return builder.problem.empty() ? 0 : 1;
}

void fill_excerpts(std::vector<Block>& blocks, const std::filesystem::path& folder) {
    for (Block& block : blocks) {
        const std::string marker =
            block.kind == Block::Kind::code ? info_value(block.info, "marker") : "";
        if (!marker.empty())
            block.text = marked_lines(folder / info_value(block.info, "file"), marker);
        fill_excerpts(block.children, folder);
    }
}

}  // namespace

namespace {

Document parse_one(std::string_view text) {
    Builder builder;
    MD_PARSER parser{};
    parser.flags =
        MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_LATEXMATHSPANS;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* to) {
        static_cast<Builder*>(to)->enter_block(type, detail);
        return as_status(*static_cast<Builder*>(to));
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* to) {
        static_cast<Builder*>(to)->leave_block(type);
        return 0;
    };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* to) {
        static_cast<Builder*>(to)->enter_span(type, detail);
        return 0;
    };
    parser.leave_span = [](MD_SPANTYPE type, void*, void* to) {
        static_cast<Builder*>(to)->leave_span(type);
        return 0;
    };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* data, MD_SIZE size, void* to) {
        static_cast<Builder*>(to)->text(type, {data, size});
        return as_status(*static_cast<Builder*>(to));
    };
    md_parse(text.data(), static_cast<MD_SIZE>(text.size()), &parser, &builder);
    if (!builder.problem.empty()) throw ArgumentError("lesson", "Markdown", builder.problem);
    return builder.take();
}

/// Answers are folded away as code blocks, but what stands in them is Markdown too.
void parse_answers(std::vector<Block>& blocks) {
    for (Block& block : blocks) {
        parse_answers(block.children);
        if (block.kind == Block::Kind::code && block.info == "answer")
            block.children = parse_one(block.text).blocks;
    }
}

}  // namespace

Document parse_markdown(std::string_view text) {
    Document document = parse_one(text);
    parse_answers(document.blocks);
    return document;
}

std::string info_value(const std::string& info, const std::string& key) {
    const std::size_t found = info.find(key + "=");
    if (found == std::string::npos) return {};
    std::size_t begin = found + key.size() + 1;
    const char end = begin < info.size() && info[begin] == '"' ? '"' : ' ';
    if (end == '"') ++begin;
    return info.substr(begin, std::min(info.find(end, begin), info.size()) - begin);
}

std::string marked_lines(const std::filesystem::path& source, const std::string& marker) {
    const std::string text = read_file(source, 1U << 20U);
    const std::size_t open = text.find("// [marker:" + marker + "]");
    const std::size_t begin = open == std::string::npos ? open : text.find('\n', open) + 1;
    const std::size_t close = open == std::string::npos ? open : text.find("// [/marker]", begin);
    if (close == std::string::npos) {
        throw FileError(source.string(), "a marker \"" + marker + "\" with its end", "none");
    }
    std::vector<std::string> lines;
    std::size_t indent = std::string::npos;
    for (std::size_t at = begin; at < close;) {
        const std::size_t end = std::min(text.find('\n', at), close);
        lines.push_back(text.substr(at, end - at));
        const std::size_t first = lines.back().find_first_not_of(' ');
        if (first != std::string::npos) indent = std::min(indent, first);
        at = end + 1;
    }
    if (!lines.empty() && lines.back().find_first_not_of(' ') == std::string::npos)
        lines.pop_back();
    std::string result;
    for (const std::string& line : lines)
        result += (line.size() > indent ? line.substr(indent) : "") + "\n";
    return result;
}

Document load_lesson(const std::filesystem::path& file) {
    Document document = parse_markdown(read_file(file, 1U << 20U));
    fill_excerpts(document.blocks, file.parent_path());
    return document;
}

}  // namespace vitrine::viz

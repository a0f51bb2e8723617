#include <cctype>

#include "tensor/error.h"
#include "text/jinja_parts.h"
#include "text/utf8.h"

namespace vitrine::jinja {

namespace {

bool is_space(char c) {
    return std::isspace(static_cast<unsigned char>(c)) != 0;
}
bool is_name_start(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

class Lexer {
   public:
    Lexer(std::string_view text, const std::string& where) : text_(text), where_(where) {
        // As Jinja reads a file: a line end at the very end does not count.
        if (!text_.empty() && text_.back() == '\n') text_.remove_suffix(1);
    }

    std::vector<Token> run() {
        while (at_ < text_.size()) {
            const std::size_t tag = next_tag();
            add_text(tag);
            if (at_ >= text_.size()) break;
            const char kind = text_[at_ + 1];
            at_ += 2;
            if (at_ < text_.size() && (text_[at_] == '-' || text_[at_] == '+')) ++at_;
            if (kind == '#') {
                skip_comment();
            } else {
                const bool prints = kind == '{';
                add(prints ? Token::Kind::print_begin : Token::Kind::block_begin, "");
                inside(prints);
            }
        }
        add(Token::Kind::end, "the end of the template");
        return std::move(tokens_);
    }

   private:
    std::size_t next_tag() const {
        for (std::size_t i = at_; i + 1 < text_.size(); ++i) {
            if (text_[i] == '{' &&
                (text_[i + 1] == '{' || text_[i + 1] == '%' || text_[i + 1] == '#'))
                return i;
        }
        return text_.size();
    }

    /// The text up to a tag, without the white space that the tag takes.
    void add_text(std::size_t tag) {
        std::string_view data = text_.substr(at_, tag - at_);
        const int line = line_;
        count_lines(at_, tag);
        at_ = tag;
        if (tag < text_.size()) {
            const char sign = tag + 2 < text_.size() ? text_[tag + 2] : ' ';
            if (sign == '-') {
                while (!data.empty() && is_space(data.back())) data.remove_suffix(1);
            } else if (sign != '+' && text_[tag + 1] != '{') {
                // lstrip_blocks: only white space between the begin of the line and the tag
                std::size_t from = data.rfind('\n') + 1;  // 0 if there is none
                if (from > 0 || line_begins_) {
                    std::size_t i = from;
                    while (i < data.size() && is_space(data[i])) ++i;
                    if (i == data.size()) data = data.substr(0, from);
                }
            }
        }
        if (!data.empty()) tokens_.push_back({Token::Kind::text, std::string(data), line});
    }

    void skip_comment() {
        const std::size_t end = text_.find("#}", at_);
        if (end == std::string_view::npos) fail(where_, line_, "#} after {#", "the end");
        count_lines(at_, end);
        const bool strips = end > at_ && text_[end - 1] == '-';
        at_ = end + 2;
        after_tag(strips, true);
    }

    /// What stands between the signs of a tag, and the end of it.
    void inside(bool prints) {
        std::string open;  // brackets that wait for their end
        for (;;) {
            while (at_ < text_.size() && is_space(text_[at_])) {
                if (text_[at_] == '\n') ++line_;
                ++at_;
            }
            const std::string_view rest = text_.substr(at_);
            if (rest.empty()) fail(where_, line_, prints ? "}}" : "%}", "the end");
            const std::string_view end = prints ? "}}" : "%}";
            const bool sign = rest.size() > 2 && (rest[0] == '-' || (rest[0] == '+' && !prints));
            if (open.empty() &&
                (rest.starts_with(end) || (sign && rest.substr(1).starts_with(end)))) {
                const bool strips = rest[0] == '-';
                at_ += rest.starts_with(end) ? 2 : 3;
                add(prints ? Token::Kind::print_end : Token::Kind::block_end, std::string(end));
                after_tag(strips, !prints && rest[0] != '+');
                return;
            }
            if (is_name_start(rest[0])) {
                std::size_t n = 1;
                while (n < rest.size() && (is_name_start(rest[n]) || is_digit(rest[n]))) ++n;
                take(Token::Kind::name, n);
            } else if (is_digit(rest[0])) {
                std::size_t n = 1;
                while (n < rest.size() && is_digit(rest[n])) ++n;
                if (n + 1 < rest.size() && rest[n] == '.' && is_digit(rest[n + 1])) {
                    ++n;
                    while (n < rest.size() && is_digit(rest[n])) ++n;
                }
                take(Token::Kind::number, n);
            } else if (rest[0] == '\'' || rest[0] == '"') {
                string();
            } else {
                sign_token(rest, open);
            }
        }
    }

    void sign_token(std::string_view rest, std::string& open) {
        for (const char* two : {"==", "!=", "<=", ">=", "//", "**"}) {
            if (rest.starts_with(two)) return take(Token::Kind::sign, 2);
        }
        const char c = rest[0];
        if (std::string_view("+-*/%~<>=.,:|()[]{}").find(c) == std::string_view::npos) {
            fail(where_, line_, "an expression", "\"" + std::string(1, c) + "\"");
        }
        if (c == '(' || c == '[' || c == '{') open += c;
        if (c == ')' || c == ']' || c == '}') {
            const char opens = c == ')' ? '(' : c == ']' ? '[' : '{';
            if (open.empty() || open.back() != opens)
                fail(where_, line_, "brackets in pairs", "\"" + std::string(1, c) + "\"");
            open.pop_back();
        }
        take(Token::Kind::sign, 1);
    }

    void string() {
        const char quote = text_[at_];
        const int line = line_;
        std::string value;
        for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
            char c = text_[at_];
            if (c == '\n') ++line_;
            if (c != '\\') {
                value += c;
                continue;
            }
            if (++at_ >= text_.size()) break;
            c = text_[at_];
            constexpr std::string_view known = "ntr\\'\"", means = "\n\t\r\\'\"";
            if (c == 'x' || c == 'u') {
                value += code_point(c == 'x' ? 2 : 4);
            } else if (const std::size_t i = known.find(c); i != std::string_view::npos) {
                value += means[i];
            } else {
                fail(where_, line_, "an escape of \\n \\t \\r \\\\ \\' \\\" \\x \\u",
                     std::string("\\") + c);
            }
        }
        if (at_ >= text_.size()) fail(where_, line, "the end of the text in quotes", "none");
        ++at_;
        tokens_.push_back({Token::Kind::string, value, line});
    }

    std::string code_point(std::size_t digits) {
        char32_t value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            const char c = at_ + 1 < text_.size() ? text_[++at_] : ' ';
            if (std::isxdigit(static_cast<unsigned char>(c)) == 0)
                fail(where_, line_, digits == 2 ? "2 hexadecimal digits" : "4 hexadecimal digits",
                     std::string(1, c));
            value =
                value * 16 +
                static_cast<char32_t>(
                    is_digit(c) ? c - '0' : std::tolower(static_cast<unsigned char>(c)) - 'a' + 10);
        }
        if (value >= 0xD800 && value < 0xE000) fail(where_, line_, "a character", "a surrogate");
        std::string text;
        append_code_point(text, value);
        return text;
    }

    /// The white space behind a tag that belongs to it.
    void after_tag(bool strips, bool takes_line_end) {
        line_begins_ = false;
        if (strips) {
            while (at_ < text_.size() && is_space(text_[at_])) {
                if (text_[at_] == '\n') ++line_;
                line_begins_ = text_[at_] == '\n';
                ++at_;
            }
        } else if (takes_line_end && at_ < text_.size() && text_[at_] == '\n') {
            ++line_;
            ++at_;
            line_begins_ = true;
        }
    }

    void count_lines(std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < to; ++i) line_ += text_[i] == '\n';
    }
    void add(Token::Kind kind, std::string text) {
        tokens_.push_back({kind, std::move(text), line_});
    }
    void take(Token::Kind kind, std::size_t bytes) {
        add(kind, std::string(text_.substr(at_, bytes)));
        at_ += bytes;
    }

    std::string_view text_;
    std::string where_;
    std::size_t at_ = 0;
    int line_ = 1;
    bool line_begins_ = true;  // nothing but what tags took stands before this place in its line
    std::vector<Token> tokens_;
};

}  // namespace

void fail(const std::string& where, int line, const std::string& expected,
          const std::string& actual) {
    throw TextError(where + ", line " + std::to_string(line), expected, actual);
}

std::vector<Token> tokens_of(std::string_view text, const std::string& where) {
    return Lexer(text, where).run();
}

}  // namespace vitrine::jinja

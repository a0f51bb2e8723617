#include <nlohmann/json.hpp>
#include <set>

#include "text/jinja_parts.h"

namespace vitrine::jinja {

namespace {

using Kind = Expression::Kind;

constexpr int deepest = 200;  // expressions and blocks inside of each other

class Parser {
   public:
    Parser(std::vector<Token> tokens, const std::string& where)
        : tokens_(std::move(tokens)), where_(where) {}

    NodePtr run() {
        NodePtr root = std::make_unique<Node>();
        std::string end;
        root->body = nodes({}, end);
        return root;
    }

   private:
    /// Counts how deep we are. @throws TextError
    class Deeper {
       public:
        explicit Deeper(Parser& parser) : parser_(parser) {
            if (++parser_.depth_ > deepest)
                fail(parser_.where_, parser_.here().line,
                     "at most " + std::to_string(deepest) + " levels", "more");
        }
        ~Deeper() { --parser_.depth_; }
        Deeper(const Deeper&) = delete;
        Deeper& operator=(const Deeper&) = delete;

       private:
        Parser& parser_;
    };

    // Statements

    /// Up to one of the block names in `ends`, which is taken; `end` gets it.
    Nodes nodes(const std::set<std::string>& ends, std::string& end) {
        const Deeper deeper(*this);
        Nodes result;
        for (;;) {
            const Token token = take();
            if (token.kind == Token::Kind::text) {
                result.push_back(node(Node::Kind::text, token.line));
                result.back()->text = token.text;
            } else if (token.kind == Token::Kind::print_begin) {
                result.push_back(node(Node::Kind::print, token.line));
                result.back()->expression = expression();
                expect(Token::Kind::print_end, "}}");
            } else if (token.kind == Token::Kind::block_begin) {
                const std::string name = expect(Token::Kind::name, "a statement").text;
                if (ends.count(name) != 0) {
                    end = name;
                    return result;
                }
                result.push_back(statement(name, token.line));
            } else {
                if (ends.empty()) return result;
                fail(where_, token.line, "{% " + *ends.rbegin() + " %}", token.text);
            }
        }
    }

    NodePtr statement(const std::string& name, int line) {
        if (name == "for") return loop(line);
        if (name == "if") return branch(line);
        if (name == "set") return set(line);
        if (name == "break" || name == "continue") {
            if (loops_ == 0) fail(where_, line, name + " inside of a for", "none around it");
            end_block();
            return node(name == "break" ? Node::Kind::leave_loop : Node::Kind::next_turn, line);
        }
        fail(where_, line, "for, if, set, break or continue", "\"" + name + "\"");
    }

    NodePtr loop(int line) {
        NodePtr result = node(Node::Kind::loop, line);
        do {
            result->names.push_back(expect(Token::Kind::name, "a variable").text);
        } while (skip_sign(","));
        expect_name("in");
        result->expression = binary_level(0);  // an if behind it belongs to the loop
        if (skip_name("if")) result->condition = expression();
        end_block();
        std::string end;
        ++loops_;
        result->body = nodes({"else", "endfor"}, end);
        --loops_;
        finish(*result, end, "endfor");
        return result;
    }

    /// Behind "if" or "elif", up to the endif.
    NodePtr branch(int line) {
        const Deeper deeper(*this);
        NodePtr result = node(Node::Kind::branch, line);
        result->expression = expression();
        end_block();
        std::string end;
        result->body = nodes({"elif", "else", "endif"}, end);
        if (end == "elif") {
            result->otherwise.push_back(branch(here().line));
            return result;
        }
        finish(*result, end, "endif");
        return result;
    }

    /// Behind the "else" or the last word of a loop or branch: what is left of it.
    void finish(Node& statement, std::string end, const char* last) {
        end_block();
        if (end != "else") return;
        statement.otherwise = nodes({last}, end);
        end_block();
    }

    NodePtr set(int line) {
        NodePtr result = node(Node::Kind::set, line);
        result->text = expect(Token::Kind::name, "a variable").text;
        if (skip_sign(".")) result->attribute = expect(Token::Kind::name, "an attribute").text;
        if (!skip_sign("=")) fail(where_, line, "set name = value", "\"" + here().text + "\"");
        result->expression = expression();
        end_block();
        return result;
    }

    void end_block() { expect(Token::Kind::block_end, "%}"); }

    // Expressions, the loosest first

    ExpressionPtr expression() {
        const Deeper deeper(*this);
        ExpressionPtr value = binary_level(0);
        if (!is_name("if")) return value;
        ExpressionPtr choice = make(Kind::choice);
        take();
        choice->parts.push_back(std::move(value));
        choice->parts.push_back(binary_level(0));
        choice->parts.push_back(skip_name("else") ? expression() : nullptr);
        return choice;
    }

    /// The operators of a level; "not" stands between "and" and the comparisons.
    ExpressionPtr binary_level(int level) {
        static const std::vector<std::set<std::string>> levels = {
            {"or"},     {"and"}, {"==", "!=", "<", "<=", ">", ">=", "in", "not in"},
            {"+", "-"}, {"~"},   {"*", "/", "//", "%"}};
        constexpr int comparisons = 2;
        if (level == static_cast<int>(levels.size())) return unary();
        if (level == comparisons && is_name("not")) {
            const Deeper deeper(*this);
            ExpressionPtr result = make(Kind::unary);
            result->text = take().text;
            result->parts.push_back(binary_level(comparisons));
            return result;
        }
        ExpressionPtr left = binary_level(level + 1);
        for (int count = 0;; ++count) {
            std::string sign = here().text;
            const bool is_operator =
                here().kind == Token::Kind::sign || here().kind == Token::Kind::name;
            if (is_operator && sign == "not" && is_name("in", 1)) sign = "not in";
            if (!is_operator || levels[static_cast<std::size_t>(level)].count(sign) == 0)
                return left;
            if (level == comparisons && count > 0)
                fail(where_, here().line, "one comparison at a time", "a chain of them");
            if (count > deepest) fail(where_, here().line, "fewer operators in a row", "too many");
            ExpressionPtr result = make(Kind::binary);
            result->text = sign;
            take();
            if (sign == "not in") take();
            result->parts.push_back(std::move(left));
            result->parts.push_back(binary_level(level + 1));
            left = std::move(result);
        }
    }

    ExpressionPtr unary() {
        const Deeper deeper(*this);
        if (is_sign("-") || is_sign("+")) {
            ExpressionPtr result = make(Kind::unary);
            result->text = take().text;
            result->parts.push_back(unary());
            return result;
        }
        ExpressionPtr value = primary();
        for (int count = 0; count < deepest; ++count) {
            if (is_sign(".")) {
                value = attribute(std::move(value));
            } else if (is_sign("[")) {
                value = subscript(std::move(value));
            } else if (is_sign("(")) {
                ExpressionPtr call = around(Kind::call, std::move(value));
                arguments(*call);
                value = std::move(call);
            } else if (is_sign("|")) {
                take();
                value = named(Kind::filter, std::move(value));
            } else if (is_name("is")) {
                take();
                const bool negated = skip_name("not");
                value = named(Kind::test, std::move(value));
                value->negated = negated;
            } else {
                return value;
            }
        }
        fail(where_, here().line, "a shorter expression", "a very long one");
    }

    ExpressionPtr primary() {
        const Token token = take();
        ExpressionPtr result = make(Kind::literal, token.line);
        if (token.kind == Token::Kind::string) {
            std::string text = token.text;
            while (here().kind == Token::Kind::string) text += take().text;
            result->value = text;
            return result;
        }
        if (token.kind == Token::Kind::number) {
            result->value = number(token);
            return result;
        }
        if (token.kind == Token::Kind::name) return name(token);
        if (token.kind == Token::Kind::sign && token.text == "(") {
            ExpressionPtr inner = expression();
            expect_sign(")");
            return inner;
        }
        if (token.kind == Token::Kind::sign && token.text == "[") {
            result->kind = Kind::list;
            while (!is_sign("]")) {
                result->parts.push_back(expression());
                if (!skip_sign(",")) break;
            }
            expect_sign("]");
            return result;
        }
        if (token.kind == Token::Kind::sign && token.text == "{") {
            result->kind = Kind::dictionary;
            while (!is_sign("}")) {
                result->parts.push_back(expression());
                expect_sign(":");
                result->parts.push_back(expression());
                if (!skip_sign(",")) break;
            }
            expect_sign("}");
            return result;
        }
        fail(where_, token.line, "a value", "\"" + token.text + "\"");
    }

    ExpressionPtr name(const Token& token) {
        ExpressionPtr result = make(Kind::literal, token.line);
        const std::string& text = token.text;
        if (text == "true" || text == "True") {
            result->value = true;
        } else if (text == "false" || text == "False") {
            result->value = false;
        } else if (text == "none" || text == "None") {
            result->value = nullptr;
        } else {
            result->kind = Kind::name;
            result->text = text;
        }
        return result;
    }

    nlohmann::json number(const Token& token) const {
        try {
            if (token.text.find('.') != std::string::npos) return std::stod(token.text);
            return static_cast<std::int64_t>(std::stoll(token.text));
        } catch (const std::exception&) {
            fail(where_, token.line, "a number of 64 bits", token.text);
        }
    }

    ExpressionPtr attribute(ExpressionPtr value) {
        ExpressionPtr result = around(Kind::attribute, std::move(value));
        take();
        result->text = expect(Token::Kind::name, "an attribute").text;
        return result;
    }

    ExpressionPtr subscript(ExpressionPtr value) {
        take();
        ExpressionPtr result = around(Kind::item, std::move(value));
        const auto part = [&] {
            const bool empty = is_sign(":") || is_sign("]");
            result->parts.push_back(empty ? nullptr : expression());
        };
        part();
        while (skip_sign(":")) {
            result->kind = Kind::slice;
            part();
        }
        if (result->kind == Kind::item && result->parts[1] == nullptr)
            fail(where_, result->line, "something between [ and ]", "nothing");
        if (result->parts.size() > 4) fail(where_, result->line, "[begin:end:step]", "more parts");
        expect_sign("]");
        return result;
    }

    /// A filter or a test: its name, and arguments if there are any.
    ExpressionPtr named(Kind kind, ExpressionPtr value) {
        ExpressionPtr result = around(kind, std::move(value));
        result->text = expect(Token::Kind::name, "a name").text;
        if (is_sign("(")) arguments(*result);
        return result;
    }

    void arguments(Expression& call) {
        expect_sign("(");
        while (!is_sign(")")) {
            const bool has_name = here().kind == Token::Kind::name && is_sign("=", 1);
            if (has_name) {
                call.names.push_back(take().text);
                take();
            } else if (!call.names.empty()) {
                fail(where_, here().line, "arguments with names last", "one without");
            }
            call.parts.push_back(expression());
            if (!skip_sign(",")) break;
        }
        expect_sign(")");
    }

    // Tokens

    const Token& here(std::size_t ahead = 0) const {
        return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
    }
    Token take() {
        Token token = here();
        if (at_ + 1 < tokens_.size()) ++at_;
        return token;
    }
    bool is_sign(const char* text, std::size_t ahead = 0) const {
        return here(ahead).kind == Token::Kind::sign && here(ahead).text == text;
    }
    bool is_name(const char* text, std::size_t ahead = 0) const {
        return here(ahead).kind == Token::Kind::name && here(ahead).text == text;
    }
    bool skip_sign(const char* text) { return is_sign(text) && (take(), true); }
    bool skip_name(const char* text) { return is_name(text) && (take(), true); }
    Token expect(Token::Kind kind, const std::string& what) {
        if (here().kind != kind) fail(where_, here().line, what, "\"" + here().text + "\"");
        return take();
    }
    void expect_sign(const char* text) {
        if (!skip_sign(text)) fail(where_, here().line, text, "\"" + here().text + "\"");
    }
    void expect_name(const char* text) {
        if (!skip_name(text)) fail(where_, here().line, text, "\"" + here().text + "\"");
    }

    static NodePtr node(Node::Kind kind, int line) {
        NodePtr result = std::make_unique<Node>();
        result->kind = kind;
        result->line = line;
        return result;
    }
    ExpressionPtr make(Kind kind, int line = 0) const {
        ExpressionPtr result = std::make_unique<Expression>();
        result->kind = kind;
        result->line = line != 0 ? line : here().line;
        return result;
    }
    ExpressionPtr around(Kind kind, ExpressionPtr value) const {
        ExpressionPtr result = make(kind);
        result->parts.push_back(std::move(value));
        return result;
    }

    std::vector<Token> tokens_;
    const std::string& where_;
    std::size_t at_ = 0;
    int depth_ = 0, loops_ = 0;
};

}  // namespace

NodePtr parse_tokens(std::vector<Token> tokens, const std::string& where) {
    return Parser(std::move(tokens), where).run();
}

}  // namespace vitrine::jinja

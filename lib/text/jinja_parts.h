// What a template is made of, between parsing and rendering.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace vitrine::jinja {

struct Expression {
    enum class Kind {
        literal,     // value
        name,        // text
        list,        // parts
        dictionary,  // key, value, key, value ...
        attribute,   // parts[0].text
        item,        // parts[0][parts[1]]
        slice,       // parts[0][parts[1]:parts[2]:parts[3]], null where nothing stands
        call,        // parts[0](parts[1] ...), and names of the last ones in `names`
        filter,      // parts[0] | text(parts[1] ...)
        test,        // parts[0] is text(parts[1] ...); `negated`: is not
        unary,       // text parts[0]: "not", "-", "+"
        binary,      // parts[0] text parts[1]: "+", "==", "and", "in" ...
        choice,      // parts[0] if parts[1] else parts[2] (null: undefined)
    };
    Kind kind = Kind::literal;
    int line = 1;
    std::string text{};
    nlohmann::json value{};
    std::vector<std::unique_ptr<Expression>> parts{};
    std::vector<std::string> names{};  // of a call's last arguments: f(1, a=2)
    bool negated = false;
};

using ExpressionPtr = std::unique_ptr<Expression>;

struct Node {
    enum class Kind { block, text, print, loop, branch, set, leave_loop, next_turn };
    Kind kind = Kind::block;
    int line = 1;
    std::string text{};                         // of text; of set: the variable's name
    std::string attribute{};                    // of set: of a namespace
    std::vector<std::string> names{};           // of a loop: its variables
    ExpressionPtr expression{};                 // printed; looped over; of a branch; what is set
    ExpressionPtr condition{};                  // of a loop: for x in y if condition
    std::vector<std::unique_ptr<Node>> body{};  // of block, loop, branch
    std::vector<std::unique_ptr<Node>> otherwise{};  // else of loop and branch; elif is a branch
};

using NodePtr = std::unique_ptr<Node>;
using Nodes = std::vector<NodePtr>;

struct Token {
    enum class Kind {
        text,
        print_begin,
        print_end,
        block_begin,
        block_end,
        name,
        string,
        number,
        sign,
        end
    };
    Kind kind = Kind::end;
    std::string text{};
    int line = 1;
};

/// @throws TextError
std::vector<Token> tokens_of(std::string_view text, const std::string& where);

/// @throws TextError
NodePtr parse_tokens(std::vector<Token> tokens, const std::string& where);

[[noreturn]] void fail(const std::string& where, int line, const std::string& expected,
                       const std::string& actual);

}  // namespace vitrine::jinja

// The commands of formulas that stand for a character, and the space between two atoms.
// Source: Knuth, The TeXbook, chapter 18.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace vitrine::viz {

/// TeX's classes of atoms: what space goes between two of them.
enum class Class { ordinary, op, binary, relation, open, close, punctuation };

struct Symbol {
    char32_t character;
    Class kind;
};

/// By name without the backslash: "alpha", "times".
const std::map<std::string, Symbol, std::less<>>& symbols();

/// Spaces by name, in em: "," is a thin one.
const std::map<std::string, float, std::less<>>& spaces();

/// True for names that are set upright and act as operators: max, log, softmax.
bool is_function_name(std::string_view name);

/// Space between neighbours, in em; scripts have none around operators.
float space_between(Class left, Class right, bool script);

/// The mark above a letter that a command such as "hat" stands for; 0 for another command.
char32_t accent_mark(std::string_view command);

/// How large the letters of a part of a formula are.
struct FormulaStyle {
    float size;
    bool display, script = false;
    FormulaStyle smaller() const { return {size * 0.7F, false, true}; }
    FormulaStyle inner() const { return {size, false, script}; }
};

}  // namespace vitrine::viz

#include "viz/reader/math_symbols.h"

#include <algorithm>

namespace vitrine::viz {

const std::map<std::string, Symbol, std::less<>>& symbols() {
    using enum Class;
    static const std::map<std::string, Symbol, std::less<>> table{
        {"alpha", {U'α', ordinary}},
        {"beta", {U'β', ordinary}},
        {"gamma", {U'γ', ordinary}},
        {"delta", {U'δ', ordinary}},
        {"epsilon", {U'ε', ordinary}},
        {"theta", {U'θ', ordinary}},
        {"lambda", {U'λ', ordinary}},
        {"mu", {U'μ', ordinary}},
        {"pi", {U'π', ordinary}},
        {"rho", {U'ρ', ordinary}},
        {"sigma", {U'σ', ordinary}},
        {"tau", {U'τ', ordinary}},
        {"phi", {U'φ', ordinary}},
        {"omega", {U'ω', ordinary}},
        {"Delta", {U'Δ', ordinary}},
        {"Sigma", {U'Σ', ordinary}},
        {"Omega", {U'Ω', ordinary}},
        {"Phi", {U'Φ', ordinary}},
        {"Gamma", {U'Γ', ordinary}},
        {"Theta", {U'Θ', ordinary}},
        {"Lambda", {U'Λ', ordinary}},
        {"Xi", {U'Ξ', ordinary}},
        {"Pi", {U'Π', ordinary}},
        {"Psi", {U'Ψ', ordinary}},
        {"zeta", {U'ζ', ordinary}},
        {"eta", {U'η', ordinary}},
        {"iota", {U'ι', ordinary}},
        {"kappa", {U'κ', ordinary}},
        {"nu", {U'ν', ordinary}},
        {"xi", {U'ξ', ordinary}},
        {"upsilon", {U'υ', ordinary}},
        {"chi", {U'χ', ordinary}},
        {"psi", {U'ψ', ordinary}},
        {"varphi", {U'φ', ordinary}},
        {"forall", {U'∀', ordinary}},
        {"exists", {U'∃', ordinary}},
        {"vdots", {U'⋮', ordinary}},
        {"ddots", {U'⋱', ordinary}},
        {"otimes", {U'⊗', binary}},
        {"cup", {U'∪', binary}},
        {"cap", {U'∩', binary}},
        {"circ", {U'∘', binary}},
        {"notin", {U'∉', relation}},
        {"subset", {U'⊂', relation}},
        {"equiv", {U'≡', relation}},
        {"ll", {U'≪', relation}},
        {"gg", {U'≫', relation}},
        {"Rightarrow", {U'⇒', relation}},
        {"leftarrow", {U'←', relation}},
        {"Leftrightarrow", {U'⇔', relation}},
        {"lfloor", {U'⌊', open}},
        {"rfloor", {U'⌋', close}},
        {"lceil", {U'⌈', open}},
        {"rceil", {U'⌉', close}},
        {"infty", {U'∞', ordinary}},
        {"top", {U'⊤', ordinary}},
        {"partial", {U'∂', ordinary}},
        {"nabla", {U'∇', ordinary}},
        {"ell", {U'ℓ', ordinary}},
        {"dots", {U'…', ordinary}},
        {"ldots", {U'…', ordinary}},
        {"cdots", {U'⋯', ordinary}},
        {"cdot", {U'⋅', binary}},
        {"times", {U'×', binary}},
        {"odot", {U'⊙', binary}},
        {"oplus", {U'⊕', binary}},
        {"pm", {U'±', binary}},
        {"in", {U'∈', relation}},
        {"le", {U'≤', relation}},
        {"leq", {U'≤', relation}},
        {"ge", {U'≥', relation}},
        {"geq", {U'≥', relation}},
        {"ne", {U'≠', relation}},
        {"approx", {U'≈', relation}},
        {"sim", {U'∼', relation}},
        {"to", {U'→', relation}},
        {"rightarrow", {U'→', relation}},
        {"mapsto", {U'↦', relation}},
        {"mid", {U'∣', relation}},
        {"propto", {U'∝', relation}},
        {"lbrace", {U'{', open}},
        {"rbrace", {U'}', close}},
        {"{", {U'{', open}},
        {"}", {U'}', close}},
        {"|", {U'‖', ordinary}},
        {"langle", {U'⟨', open}},
        {"rangle", {U'⟩', close}},
        {"%", {U'%', ordinary}},
        {"_", {U'_', ordinary}},
        {"int", {U'∫', op}},
        {"sum", {U'∑', op}},
        {"prod", {U'∏', op}}};
    return table;
}

const std::map<std::string, float, std::less<>>& spaces() {  // in em
    static const std::map<std::string, float, std::less<>> table{
        {",", 3 / 18.0F}, {":", 4 / 18.0F}, {";", 5 / 18.0F}, {"!", -3 / 18.0F},
        {" ", 0.25F},     {"quad", 1},      {"qquad", 2}};
    return table;
}

char32_t accent_mark(std::string_view command) {
    if (command == "hat") return U'ˆ';
    if (command == "tilde") return U'˜';
    if (command == "vec") return U'→';
    return command == "bar" ? U'¯' : U'\0';
}

bool is_function_name(std::string_view name) {
    static constexpr std::string_view names[] = {"lim", "sup", "inf",  "det",     "tan",
                                                 "exp", "log", "ln",   "max",     "min",
                                                 "sin", "cos", "tanh", "softmax", "argmax"};
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

float space_between(Class left, Class right, bool script) {
    if (left == Class::punctuation) return script ? 0 : 3 / 18.0F;
    if (right == Class::punctuation || left == Class::open || right == Class::close) return 0;
    if (left == Class::op || right == Class::op) {
        return (left == Class::op && (right == Class::ordinary || right == Class::op)) ||
                       (right == Class::op && (left == Class::ordinary || left == Class::close))
                   ? 3 / 18.0F
               : (right == Class::relation || left == Class::relation) && !script ? 5 / 18.0F
                                                                                  : 0;
    }
    if (script) return 0;
    if (left == Class::relation || right == Class::relation) return 5 / 18.0F;
    if (left == Class::binary || right == Class::binary) return 4 / 18.0F;
    return 0;
}

}  // namespace vitrine::viz

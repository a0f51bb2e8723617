#include "viz/reader/entities.h"

#include <charconv>
#include <map>

#include "text/utf8.h"

namespace vitrine::viz {

namespace {

/// Those that lessons may need; HTML has two thousand.
const std::map<std::string_view, std::string_view>& named() {
    static const std::map<std::string_view, std::string_view> table{
        {"Auml", "Ä"},    {"Delta", "Δ"},  {"Omega", "Ω"},  {"Ouml", "Ö"},        {"Sigma", "Σ"},
        {"Uuml", "Ü"},    {"aacute", "á"}, {"acirc", "â"},  {"agrave", "à"},      {"alpha", "α"},
        {"amp", "&"},     {"apos", "'"},   {"aring", "å"},  {"asymp", "≈"},       {"auml", "ä"},
        {"beta", "β"},    {"bull", "•"},   {"cap", "∩"},    {"ccedil", "ç"},      {"check", "✓"},
        {"copy", "©"},    {"cross", "✗"},  {"cup", "∪"},    {"darr", "↓"},        {"deg", "°"},
        {"delta", "δ"},   {"divide", "÷"}, {"eacute", "é"}, {"ecirc", "ê"},       {"egrave", "è"},
        {"epsilon", "ε"}, {"equiv", "≡"},  {"euro", "€"},   {"exist", "∃"},       {"forall", "∀"},
        {"frac12", "½"},  {"frac14", "¼"}, {"frac34", "¾"}, {"gamma", "γ"},       {"ge", "≥"},
        {"gt", ">"},      {"hArr", "⇔"},   {"harr", "↔"},   {"hellip", "…"},      {"infin", "∞"},
        {"int", "∫"},     {"isin", "∈"},   {"laquo", "«"},  {"larr", "←"},        {"ldquo", "“"},
        {"le", "≤"},      {"lsquo", "‘"},  {"lt", "<"},     {"mdash", "—"},       {"micro", "µ"},
        {"middot", "·"},  {"minus", "−"},  {"mu", "μ"},     {"nbsp", "\xc2\xa0"}, {"ndash", "–"},
        {"ne", "≠"},      {"ni", "∋"},     {"ntilde", "ñ"}, {"omega", "ω"},       {"oplus", "⊕"},
        {"oslash", "ø"},  {"otimes", "⊗"}, {"ouml", "ö"},   {"para", "¶"},        {"part", "∂"},
        {"pi", "π"},      {"plusmn", "±"}, {"prime", "′"},  {"prod", "∏"},        {"prop", "∝"},
        {"quot", "\""},   {"rArr", "⇒"},   {"radic", "√"},  {"raquo", "»"},       {"rarr", "→"},
        {"rdquo", "”"},   {"reg", "®"},    {"rsquo", "’"},  {"sdot", "⋅"},        {"sect", "§"},
        {"sigma", "σ"},   {"sub", "⊂"},    {"sum", "∑"},    {"sup", "⊃"},         {"sup2", "²"},
        {"sup3", "³"},    {"szlig", "ß"},  {"theta", "θ"},  {"times", "×"},       {"trade", "™"},
        {"uarr", "↑"},    {"uuml", "ü"}};
    return table;
}

/// "#8594" or "#x2192"; empty if it is no character.
std::string numbered(std::string_view name) {
    const bool hexadecimal = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
    const std::string_view digits = name.substr(hexadecimal ? 2 : 1);
    std::uint32_t code = 0;
    const char* end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, code, hexadecimal ? 16 : 10);
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (error != std::errc() || rest != end || code == 0 || code > 0x10FFFF || surrogate) return {};
    std::string text;
    append_code_point(text, code);
    return text;
}

}  // namespace

std::string entity_text(std::string_view entity) {
    if (entity.size() < 3) return std::string(entity);
    const std::string_view name = entity.substr(1, entity.size() - 2);
    if (name.front() == '#') {
        std::string text = numbered(name);
        return text.empty() ? std::string(entity) : text;
    }
    const auto found = named().find(name);
    return std::string(found == named().end() ? entity : found->second);
}

}  // namespace vitrine::viz

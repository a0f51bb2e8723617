#include "tensor/error.h"

#include <utility>

namespace vitrine {

namespace {
std::string sentence(const std::string& name, const std::string& expected,
                     const std::string& actual, const std::string& hint) {
    std::string text = name + ": expected " + expected + ", got " + actual;
    if (!hint.empty()) text += " (" + hint + ")";
    return text;
}
}  // namespace

Error::Error(std::string its_name, std::string was_expected, std::string came, std::string to_do)
    : std::runtime_error(sentence(its_name, was_expected, came, to_do)),
      name(std::move(its_name)),
      expected(std::move(was_expected)),
      actual(std::move(came)),
      hint(std::move(to_do)) {}

}  // namespace vitrine

// The part of Jinja that chat templates are written in. What is not here is refused by its name.
//
// Statements  for (with if, else, break, continue), if, set; comments; white space control, and
//             trim_blocks and lstrip_blocks as transformers sets them
// Values      texts, numbers, lists, dictionaries, none, slices, namespace(), range()
// Source: the Jinja documentation, https://jinja.palletsprojects.com/en/stable/templates
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace vitrine::jinja {

struct Node;

class Template {
   public:
    /// @param where  names the template in errors
    /// @throws TextError  with the line, for what is no Jinja or not of this part
    static Template parse(std::string_view text, const std::string& where);
    ~Template();
    Template(Template&&) noexcept;
    Template& operator=(Template&&) noexcept;

    /// @param variables  an object
    /// @throws TextError  what raise_exception() says; a name that is not defined where it must be;
    ///                    a filter, test or method that is not of this part; a template that does
    ///                    not come to its end
    std::string render(const nlohmann::json& variables) const;

   private:
    Template(std::unique_ptr<const Node> root, std::string where);
    std::unique_ptr<const Node> root_;
    std::string where_;
};

}  // namespace vitrine::jinja

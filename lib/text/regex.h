// Regular expressions of a tokenizer.json, by PCRE2.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "text/aligned_text.h"

namespace vitrine {

/// A compiled expression. May be used by several threads at once.
class Regex {
   public:
    /// \p{L}, \s and \w by Unicode's classes.
    /// @throws FileError  what is no regular expression, or none of PCRE2's
    Regex(const std::string& pattern, const std::string& where);

    /// Calls each(match) for the matches in order; empty ones are left out.
    /// @param text  valid UTF-8
    /// @throws TextError  if the search takes too many steps
    void for_each_match(std::string_view text, const std::function<void(ByteRange)>& each) const;

   private:
    struct Code;
    std::shared_ptr<const Code> code_;
};

}  // namespace vitrine

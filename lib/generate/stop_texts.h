// Stop texts in a stream: text is held back as long as it could be the start of one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vitrine {

class StopTexts {
   public:
    explicit StopTexts(std::vector<std::string> texts);
    /// Takes new text; returns what can be shown. After a stop text, nothing more.
    std::string push(std::string_view text);
    /// The end: what was held back and turned out to be no stop text.
    std::string finish();
    bool found() const { return found_; }

   private:
    std::vector<std::string> texts_;
    std::string pending_;
    bool found_ = false;
};

}  // namespace vitrine

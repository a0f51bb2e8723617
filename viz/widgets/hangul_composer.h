// Korean from a keyboard without an input method: the two-set layout, by libhangul.
#pragma once

#include <memory>
#include <string>

namespace vitrine::viz {

class HangulComposer {
   public:
    HangulComposer();
    ~HangulComposer();
    HangulComposer(const HangulComposer&) = delete;
    HangulComposer& operator=(const HangulComposer&) = delete;

    /// Takes a key by the character of a US keyboard. Returns the text that is finished by it; what
    /// is still being composed is preedit(). A character that is no letter of the layout finishes
    /// the syllable and comes back behind it.
    std::string type(char key);
    /// Takes the last letter of the syllable back. False if none is being composed.
    bool backspace();
    /// Finishes the syllable; returns it.
    std::string flush();
    /// The syllable being composed, UTF-8; empty if there is none.
    std::string preedit() const;

   private:
    struct Context;
    std::unique_ptr<Context> context_;
};

}  // namespace vitrine::viz

// Text that arrives in bytes, a token at a time, released in whole characters: half a Hangul
// syllable is never shown.
#pragma once

#include <string>
#include <string_view>

namespace vitrine {

class Utf8Stream {
   public:
    /// Takes the bytes of a token; returns the characters that are whole now. Bytes that can't
    /// become a character are returned as U+FFFD.
    std::string push(std::string_view bytes);
    /// The end: an unfinished character is returned as U+FFFD.
    std::string finish();

   private:
    std::string pending_;
};

}  // namespace vitrine

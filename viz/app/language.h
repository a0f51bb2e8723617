// The two languages of the app. A text stands in both languages where it is used:
//     say(language, "Next token", "다음 토큰")
#pragma once

namespace vitrine::viz {

enum class Language { english, korean };

constexpr const char* say(Language language, const char* english, const char* korean) {
    return language == Language::korean ? korean : english;
}

}  // namespace vitrine::viz

#include "text/grapheme.h"

#include <utf8proc.h>

#include <algorithm>

#include "text/utf8.h"

namespace vitrine {

namespace {

/// Reads on over broken bytes, so that a caret can stand anywhere in any text.
CodePoint read_any(std::string_view text, std::size_t at) {
    CodePoint point = read_code_point(text, at);
    if (point.bytes == 0) point = {0xfffd, 1};
    return point;
}

}  // namespace

std::size_t next_grapheme(std::string_view text, std::size_t at) {
    if (at >= text.size()) return text.size();
    utf8proc_int32_t state = 0;
    CodePoint before = read_any(text, at);
    at += static_cast<std::size_t>(before.bytes);
    while (at < text.size()) {
        const CodePoint after = read_any(text, at);
        if (utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(before.value),
                                             static_cast<utf8proc_int32_t>(after.value), &state)) {
            break;
        }
        at += static_cast<std::size_t>(after.bytes);
        before = after;
    }
    return at;
}

std::size_t previous_grapheme(std::string_view text, std::size_t at) {
    // Whether two flags belong together depends on all flags before them: read from a line's start,
    // where every grapheme ends.
    at = std::min(at, text.size());
    if (at == 0) return 0;
    std::size_t start = text.rfind('\n', at >= 2 ? at - 2 : 0);
    start = start == std::string_view::npos || start + 1 >= at ? 0 : start + 1;
    while (true) {
        const std::size_t end = next_grapheme(text, start);
        if (end >= at) return start;
        start = end;
    }
}

}  // namespace vitrine

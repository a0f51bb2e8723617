#include "text/utf8_stream.h"

#include <algorithm>

#include "text/utf8.h"

namespace vitrine {

namespace {

/// Bytes at the end that start a character which may still be completed.
std::size_t unfinished_tail(std::string_view bytes) {
    for (std::size_t tail = 1; tail <= std::min<std::size_t>(3, bytes.size()); ++tail) {
        const std::string_view end = bytes.substr(bytes.size() - tail);
        if (is_continuation(end.front())) continue;
        // Unfinished is what becomes a character if the right continuation follows.
        for (const char* missing : {"\x80", "\x90", "\xa0", "\x80\x80", "\x90\x80", "\xa0\x80",
                                    "\x80\x80\x80", "\x90\x80\x80"}) {
            const std::string completed = std::string(end) + missing;
            if (read_code_point(end, 0).bytes == 0 &&
                read_code_point(completed, 0).bytes == static_cast<int>(completed.size())) {
                return tail;
            }
        }
        return 0;
    }
    return 0;
}

}  // namespace

std::string Utf8Stream::push(std::string_view bytes) {
    pending_ += bytes;
    const std::size_t whole = pending_.size() - unfinished_tail(pending_);
    std::string text = repair_utf8(std::string_view(pending_).substr(0, whole));
    pending_.erase(0, whole);
    return text;
}

std::string Utf8Stream::finish() {
    std::string text = repair_utf8(pending_);
    pending_.clear();
    return text;
}

}  // namespace vitrine

#include "text/utf8_stream.h"

#include "text/utf8.h"

namespace vitrine {

std::string Utf8Stream::push(std::string_view bytes) {
    pending_ += bytes;
    const std::size_t whole = pending_.size() - unfinished_bytes(pending_);
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

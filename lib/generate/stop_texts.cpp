#include "generate/stop_texts.h"

#include <algorithm>

#include "tensor/error.h"

namespace vitrine {

StopTexts::StopTexts(std::vector<std::string> texts) : texts_(std::move(texts)) {
    for (const std::string& text : texts_) {
        if (text.empty())
            throw ArgumentError("stop text", "at least one character", "an empty text");
    }
}

std::string StopTexts::push(std::string_view text) {
    if (found_) return {};
    pending_ += text;
    std::size_t first = std::string::npos;
    for (const std::string& stop : texts_) first = std::min(first, pending_.find(stop));
    if (first != std::string::npos) {
        found_ = true;
        std::string shown = pending_.substr(0, first);
        pending_.clear();
        return shown;
    }
    std::size_t held = 0;  // the longest end of the text that starts a stop text
    for (const std::string& stop : texts_) {
        for (std::size_t length = std::min(stop.size() - 1, pending_.size()); length > held;
             --length) {
            if (pending_.compare(pending_.size() - length, length, stop, 0, length) == 0)
                held = length;
        }
    }
    std::string shown = pending_.substr(0, pending_.size() - held);
    pending_.erase(0, shown.size());
    return shown;
}

std::string StopTexts::finish() {
    std::string rest;
    rest.swap(pending_);
    return rest;
}

}  // namespace vitrine

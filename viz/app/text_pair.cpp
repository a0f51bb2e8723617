#include "viz/app/text_pair.h"

#include "text/utf8.h"
#include "viz/app/run_model.h"
#include "viz/app/text_lines.h"

namespace vitrine::viz {

std::optional<std::array<std::string, 2>> pair_of(const LoadedModel& model,
                                                  const std::string& text) {
    if (model.encoder() == nullptr) return {};
    const EncoderWeights& weights = model.encoder()->weights();
    if (weights.next_sentence.none() && weights.classes.none()) return {};
    const std::size_t end = text.find('\n');
    if (end == std::string::npos || text.find('\n', end + 1) != std::string::npos) return {};
    std::array<std::string, 2> pair{text.substr(0, end), text.substr(end + 1)};
    for (const std::string& line : pair) {
        if (!holds_something(line)) return {};
    }
    return pair;
}

Encoding encode_pair(const LoadedModel& model, const std::array<std::string, 2>& pair,
                     bool& truncated) {
    const Tokenizer& tokenizer = *model.tokenizer;
    Truncation truncation;
    truncation.max_length = model.info().max_positions;
    std::vector<Encoding> windows = tokenizer.encode_windows(pair[0], pair[1], truncation);
    truncated = windows.size() > 1;
    Encoding encoding = std::move(windows.front());
    // What stands behind a text has its place there; the second counts from its own start.
    const Index first_end = count_characters(pair[0]), begin = first_end + 1;
    const Index end = begin + count_characters(pair[1]);
    std::size_t inner = encoding.ids.size();
    for (; inner > 1 && stands_around(tokenizer, encoding, inner - 1); --inner)
        encoding.offsets[inner - 1] = {end, end};
    bool in_second = false;
    for (std::size_t i = 1; i < inner; ++i) {
        const bool between = stands_around(tokenizer, encoding, i);
        in_second = in_second || between || encoding.type_ids[i] == 1;
        auto& offsets = encoding.offsets[i];
        if (between) {
            offsets = {first_end, first_end};
        } else if (in_second) {
            offsets = {begin + offsets[0], begin + offsets[1]};
        }
    }
    return encoding;
}

}  // namespace vitrine::viz

#include "generate/generate.h"

#include <algorithm>
#include <chrono>

#include "generate/stop_texts.h"
#include "tensor/error.h"
#include "text/utf8_stream.h"

namespace vitrine {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

void check_options(const GenerateOptions& options) {
    check_sampling(options.sampling);
    if (options.max_new_tokens < 0) {
        throw ArgumentError("max-new-tokens", "a whole number of 0 or more",
                            std::to_string(options.max_new_tokens));
    }
    if (options.beams < 1 || options.beams > 64) {
        throw ArgumentError("beams", "a whole number from 1 to 64", std::to_string(options.beams));
    }
}

/// The best beam, with its text; a stop text ends it.
Generated generate_by_beams(const LanguageModel& model, const Tokenizer& tokenizer,
                            const std::vector<int>& prompt, const GenerateOptions& options,
                            const std::function<void(std::string_view)>& on_text,
                            const Parts& parts, const std::stop_token& stop) {
    Generated result;
    const auto start = Clock::now();
    try {
        result.ids = beam_search(model, prompt, options, parts, stop).front().ids;
    } catch (const Stopped&) {  // no beam has won yet
        result.ids = prompt;
        result.finish = "stopped";
        return result;
    }
    const std::size_t made = result.ids.size() - prompt.size();
    result.tokens_per_second = static_cast<double>(made) / seconds_since(start);
    StopTexts stops(options.stop);
    result.text = stops.push(tokenizer.decode(std::span(result.ids).subspan(prompt.size())));
    result.text += stops.finish();
    const bool at_eos = made > 0 && result.ids.back() == model.info().eos_id && !options.ignore_eos;
    const bool full = static_cast<Index>(made) < options.max_new_tokens;
    result.finish = stops.found() ? "stop" : at_eos ? "eos" : full ? "positions" : "length";
    if (on_text) on_text(result.text);
    return result;
}

}  // namespace

Generated generate(const LanguageModel& model, const Tokenizer& tokenizer,
                   const std::vector<int>& prompt, const GenerateOptions& options,
                   const std::function<void(std::string_view)>& on_text, const Parts& parts,
                   const std::stop_token& stop) {
    check_options(options);
    if (options.beams > 1) {
        return generate_by_beams(model, tokenizer, prompt, options, on_text, parts, stop);
    }
    Generation generation(model, prompt, options.sampling, parts);
    Utf8Stream characters;
    StopTexts stops(options.stop);
    Generated result;
    const auto show = [&](const std::string& text) {
        result.text += text;
        if (on_text && !text.empty()) on_text(text);
    };
    auto start = Clock::now();
    Index made = 0;
    result.finish = "length";
    while (made < options.max_new_tokens) {
        if (generation.full()) {
            result.finish = "positions";
            break;
        }
        int id = 0;
        try {
            id = generation.next(stop);
        } catch (const Stopped&) {
            result.finish = "stopped";
            break;
        }
        ++made;
        if (made == 1) start = Clock::now();  // the first token took the prompt's forward pass
        if (id == model.info().eos_id && !options.ignore_eos) {
            result.finish = "eos";
            break;
        }
        if (!tokenizer.is_special(id)) show(stops.push(characters.push(tokenizer.bytes(id))));
        if (stops.found()) {
            result.finish = "stop";
            break;
        }
    }
    const double seconds = seconds_since(start);
    result.tokens_per_second = made > 1 ? static_cast<double>(made - 1) / seconds : 0.0;
    show(stops.push(characters.finish()));
    if (!stops.found()) show(stops.finish());
    result.ids = generation.ids();
    return result;
}

}  // namespace vitrine

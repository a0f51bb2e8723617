#include "viz/widgets/hangul_composer.h"

#include <hangul.h>

#include "text/utf8.h"

namespace vitrine::viz {

namespace {

std::string to_utf8(const ucschar* text) {
    std::string result;
    for (; text != nullptr && *text != 0; ++text) append_code_point(result, *text);
    return result;
}

}  // namespace

struct HangulComposer::Context {
    HangulInputContext* input = hangul_ic_new("2");
    Context() = default;
    ~Context() { hangul_ic_delete(input); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
};

HangulComposer::HangulComposer() : context_(std::make_unique<Context>()) {}
HangulComposer::~HangulComposer() = default;

std::string HangulComposer::type(char key) {
    HangulInputContext* input = context_->input;
    const bool taken = hangul_ic_process(input, static_cast<unsigned char>(key));
    std::string finished = to_utf8(hangul_ic_get_commit_string(input));
    if (!taken) {
        finished += flush();
        finished += key;
    }
    return finished;
}

bool HangulComposer::backspace() {
    return hangul_ic_backspace(context_->input);
}

std::string HangulComposer::flush() {
    return to_utf8(hangul_ic_flush(context_->input));
}

std::string HangulComposer::preedit() const {
    return to_utf8(hangul_ic_get_preedit_string(context_->input));
}

}  // namespace vitrine::viz

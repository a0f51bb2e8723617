#include "viz/app/exhibit.h"

#include <algorithm>
#include <cstdio>

namespace vitrine::viz {

void Exhibit::begin_frame() {
    model = engine.model();
    run = engine.run();
    stage.hovered_position = -1;
    if (!run) return;
    // Another model may have fewer layers and heads.
    Index layers = run->layers(), heads = run->model->info().heads;
    for (const AttentionStack& stack : run->stacks) {
        layers = std::max(layers, stack.layers());
        heads = std::max(heads, stack.heads);
    }
    stage.layer = std::min(stage.layer, layers - 1);
    stage.head = std::min(stage.head, heads - 1);
}

void Exhibit::show(const ViewLink& link) {
    stage.view = link.view;
    stage.layer = link.number("layer").value_or(static_cast<int>(stage.layer));
    stage.head = link.number("head").value_or(static_cast<int>(stage.head));
    stage.position = link.number("position").value_or(-1);
    stage.pinned_query = link.number("query").value_or(-1);
    stage.pinned_key = link.number("key").value_or(-1);
    stage.lines = link.number("lines").value_or(0) != 0;
    const auto take = [&](const char* key, std::string& into) {
        const auto found = link.values.find(key);
        if (found != link.values.end()) into = found->second;
    };
    take("step", stage.step);
    take("way", stage.way);
    take("stack", stage.stack);
}

void Exhibit::settle() {
    engine.wait();
    background.wait();
}

std::string facts_of(const Run& run, Language language) {
    char text[96];
    std::snprintf(text, sizeof text, say(language, "%d tokens", "토큰 %d개"),
                  static_cast<int>(run.positions()));
    std::string facts = text;
    if (run.forward_seconds > 0) {  // a learner's process is not timed: it is started anew
        std::snprintf(text, sizeof text,
                      say(language, "  ·  forward %.1f ms", "  ·  순전파 %.1f ms"),
                      1e3 * run.forward_seconds);
        facts += text;
    }
    return facts;
}

}  // namespace vitrine::viz

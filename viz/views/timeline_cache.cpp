// The numbers of the timeline, and the cache that fills.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/views/timeline_parts.h"
#include "viz/widgets/tooltip.h"

namespace vitrine::viz {

std::vector<Moment> moments_of(const Run& run) {
    std::vector<Moment> moments(static_cast<std::size_t>(run.positions()));
    const auto V = static_cast<Index>(run.logits.shape()[1]);
    for (std::size_t t = 1; t < moments.size(); ++t) {
        const Real* logits = run.logits.data() + (static_cast<Index>(t) - 1) * V;
        const Real came = logits[run.encoding.ids[t]];
        const auto largest = static_cast<double>(*std::max_element(logits, logits + V));
        double sum = 0, weighted = 0;
        Index rank = 1;
        for (Index i = 0; i < V; ++i) {
            const double above = static_cast<double>(logits[i]) - largest;
            const double raised = std::exp(above);
            sum += raised;
            weighted += raised * above;
            if (logits[i] > came) ++rank;
        }
        // -sum p log p with p = exp(above) / sum
        moments[t].entropy = (std::log(sum) - weighted / sum) / std::log(2.0);
        moments[t].probability = std::exp(static_cast<double>(came) - largest) / sum;
        moments[t].rank = rank;
    }
    return moments;
}

std::size_t cache_bytes_a_position(const ModelInfo& info) {
    return static_cast<std::size_t>(2 * info.layers * info.kv_heads * info.head_width) *
           sizeof(float);
}

std::size_t state_bytes(const LanguageModel& model) {
    if (model.info().kv_heads > 0) return 0;
    std::size_t numbers = 0;
    for (const Recurrence& each : model.new_state().recurrences)
        numbers += each.convolution.size() + each.scan.size();
    return numbers * sizeof(float);
}

namespace {

void draw_state_size(ViewContext& context, std::size_t bytes) {
    const Theme& theme = context.theme;
    card_heading(theme, context.say("The state: in place of a cache", "상태: 캐시를 대신해요"));
    char text[256];
    std::snprintf(text, sizeof text,
                  context.say("%.1f KiB, however long the text gets. A cache of keys and values "
                              "would grow with every token. See it move under Memory.",
                              "글이 아무리 길어져도 %.1f KiB예요. 키와 밸류의 캐시라면 토큰마다 "
                              "커져요. 상태가 움직이는 모습은 ‘기억’ 화면에 있어요."),
                  static_cast<double>(bytes) / 1024.0);
    explain(theme, text);
}

}  // namespace

void draw_cache(ViewContext& context, const TimelineMemory& memory, Index chosen, ImVec2 size) {
    const Theme& theme = context.theme;
    if (memory.state_bytes > 0) return draw_state_size(context, memory.state_bytes);
    const ModelInfo& info = memory.shown->run->model->info();
    card_heading(theme, context.say("The cache: keys and values kept", "캐시: 간직한 키와 밸류"));
    const Index T = memory.shown->run->positions();
    const float label = 10.0F * theme.unit;
    const float cell = std::min((size.x - label) / static_cast<float>(T), 6.0F * theme.unit);
    const float row =
        std::clamp(size.y / static_cast<float>(info.layers), 1.5F * theme.unit, 5.0F * theme.unit);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList* list = ImGui::GetWindowDrawList();
    ImFont* font = theme.fonts.small;
    const auto every = static_cast<Index>(std::ceil(font->FontSize / row));
    ImGui::Dummy({size.x, row * static_cast<float>(info.layers)});
    for (Index l = 0; l < info.layers; ++l) {
        const float y = at.y + static_cast<float>(l) * row;
        if (l % every == 0) {
            char name[16];
            std::snprintf(name, sizeof name, "%d", static_cast<int>(l));
            list->AddText(font, font->FontSize, {at.x, y + 0.5F * (row - font->FontSize)},
                          theme.muted, name);
        }
        const auto bar = [&](Index from, Index to, ImU32 colour) {
            if (to <= from) return;
            list->AddRectFilled(
                {at.x + label + static_cast<float>(from) * cell, y},
                {at.x + label + static_cast<float>(to) * cell - 1.0F, y + row - 1.0F}, colour,
                1.0F);
        };
        bar(0, chosen, theme.muted);
        bar(chosen, chosen + 1, theme.accent);
        bar(chosen + 1, T, theme.raised);
    }
    const ImVec2 low{at.x + label, at.y};
    const ImVec2 high{low.x + cell * static_cast<float>(T),
                      at.y + row * static_cast<float>(info.layers)};
    if (ImGui::IsMouseHoveringRect(low, high) && ImGui::IsWindowHovered()) {
        const ImVec2 mouse = ImGui::GetIO().MousePos;
        const auto t = static_cast<Index>((mouse.x - low.x) / cell);
        const auto l = static_cast<Index>((mouse.y - low.y) / row);
        char text[160];
        std::snprintf(
            text, sizeof text,
            context.say("Layer %d, position %d: %d heads with %d numbers each, once for "
                        "the key and once for the value.",
                        "층 %d, 위치 %d: 헤드 %d개가 저마다 수 %d개를, 키와 밸류에 하나씩 "
                        "간직해요."),
            static_cast<int>(l), static_cast<int>(t), static_cast<int>(info.kv_heads),
            static_cast<int>(info.head_width));
        begin_card(theme);
        card_note(theme, text, 70.0F * theme.unit);
        end_card();
    }
    const double kib = static_cast<double>(cache_bytes_a_position(info)) / 1024.0;
    const auto seen = static_cast<int>(chosen) + 1;
    char text[256];
    std::snprintf(
        text, sizeof text,
        context.say("%d positions, %.1f KiB each: %.1f KiB. This step computes one row; "
                    "without the cache it would compute %d.",
                    "위치 %d개, 하나에 %.1f KiB씩 모두 %.1f KiB예요. 이 걸음에서는 한 줄만 "
                    "계산해요. 캐시가 없다면 %d줄을 계산해야 해요."),
        seen, kib, kib * seen, seen);
    explain(theme, text);
}

}  // namespace vitrine::viz

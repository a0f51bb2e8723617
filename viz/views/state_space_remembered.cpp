// The second page of the memory view: what is left of each token in the state later on, and the
// attention that the scan amounts to.
#include <algorithm>
#include <cmath>
#include <limits>

#include "viz/views/state_space_parts.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

constexpr std::size_t kept_map = 0, out_map = 1;

/// What is shown: of the chosen channel, else of all together. Null until it is worked out.
struct Shown {
    std::shared_ptr<const void> from;
    const Tensor2* kept = nullptr;
    const Tensor2* out = nullptr;
};

Shown shown_of(const StateSpaceMemory& memory) {
    if (memory.followed >= 0 && memory.of_channel)
        return {memory.of_channel, &memory.of_channel->kept, &memory.of_channel->weights};
    if (memory.followed < 0 && memory.remembered)
        return {memory.remembered, &memory.remembered->kept, &memory.remembered->share};
    return {};
}

float largest(const Tensor2& values) {
    Real most = Real{1e-6F};
    for (const Real x : values) most = std::max(most, std::abs(x));
    return static_cast<float>(most);
}

/// The weights of a channel have a sign, all others have none.
bool is_signed(const StateSpaceMemory& memory, std::size_t which) {
    return which == out_map && memory.followed >= 0;
}

void paint(ViewContext& context, StateSpaceMemory& memory, std::size_t which,
           const std::shared_ptr<const void>& from, const Tensor2& values) {
    RememberedMap& map = memory.maps[which];
    if (map.painted == from && map.dark == context.theme.dark && !map.picture.empty()) return;
    map.painted = from;
    map.dark = context.theme.dark;
    const auto T = static_cast<Index>(values.shape()[0]);
    const auto later = [](Index query, Index key) { return key > query; };
    map.picture.set(
        context.memory.device(),
        is_signed(memory, which)
            ? paint_signed_map(values.data(), T, T, largest(values), context.theme, later)
            : paint_map(values.data(), T, T, memory.scale, context.theme, later));
}

void draw_cell_card(const ViewContext& context, const StateSpaceMemory& memory,
                    const HeatmapAnswer& answer, std::size_t which) {
    const Theme& theme = context.theme;
    const Shown shown = shown_of(memory);
    if (answer.by_keyboard) {
        begin_card_at(theme, {answer.cell_high.x + theme.unit, answer.cell_high.y + theme.unit});
    } else {
        begin_card(theme);
    }
    const float column = 36.0F * theme.unit;
    const auto token = [&](Index i) {
        return std::to_string(i) + "  " + memory.shown->labels[static_cast<std::size_t>(i)];
    };
    card_row(theme, context.say("Token that is read", "읽는 토큰"), token(answer.query), column);
    card_row(theme, context.say("Earlier token", "앞의 토큰"), token(answer.key), column);
    if (answer.key > answer.query) {
        card_note(theme, context.say("It has not come yet.", "아직 나오지 않은 토큰이에요."),
                  70.0F * theme.unit);
    } else {
        card_row(theme, context.say("Left in the state", "상태에 남은 양"),
                 percent_text(static_cast<double>((*shown.kept)(answer.query, answer.key))),
                 column);
        const auto out = static_cast<double>((*shown.out)(answer.query, answer.key));
        if (memory.followed < 0) {
            card_row(theme, context.say("Share of what comes out", "나오는 값에서의 몫"),
                     percent_text(out), column);
        } else {
            card_row(theme, context.say("Weight in what comes out", "나오는 값에서의 가중치"),
                     number_text(out), column);
        }
    }
    if (which == out_map) {
        card_note(theme,
                  memory.followed < 0
                      ? context.say("What the token wrote, as it is read here: its length, in "
                                    "parts of all lengths of the row.",
                                    "그 토큰이 쓴 것을 여기서 읽은 값의 길이예요. 한 행의 길이를 "
                                    "모두 더한 것에 견줘요.")
                      : context.say("The channel's output is the sum of these weights times what "
                                    "went in, and D times its own input.",
                                    "채널의 출력은 이 가중치와 들어온 값을 곱해 더하고, 자기 "
                                    "입력의 D배를 더한 값이에요."),
                  70.0F * theme.unit);
    }
    end_card();
}

void draw_map(ViewContext& context, StateSpaceMemory& memory, std::size_t which, ImVec2 size) {
    const Theme& theme = context.theme;
    const Shown shown = shown_of(memory);
    const Tensor2& values = which == kept_map ? *shown.kept : *shown.out;
    const float top = ImGui::GetCursorPosY();
    small_heading(theme, elided(theme.fonts.bold,
                                which == kept_map
                                    ? context.say("Left in the state", "상태에 남은 양")
                                    : context.say("The attention it amounts to", "어텐션으로 치면"),
                                size.x));
    const std::string meaning =
        which == kept_map ? context.say("1: all of what the token wrote is still there",
                                        "1이면 그 토큰이 쓴 것이 전부 남아 있어요")
        : is_signed(memory, which)
            ? context.say("blue above 0, orange below; at most ±",
                          "파랑은 0보다 크고 주황은 작아요. 최대 ±") +
                  number_text(static_cast<double>(largest(values)))
            : std::string(context.say("share of what comes out of the state; a row adds up to 1",
                                      "상태에서 나오는 값의 몫. 한 행을 더하면 1이에요"));
    caption(theme, elided(theme.fonts.small, meaning, size.x - theme.unit), size.x);
    paint(context, memory, which, shown.from, values);
    HeatmapInput input;
    input.id = which == kept_map ? "kept" : "out";
    input.texture = &memory.maps[which].picture;
    input.values = values.data();
    input.n = static_cast<Index>(values.shape()[0]);
    input.labels = memory.shown->labels;
    input.pinned_key = memory.position;
    input.marked = context.stage.hovered_position;
    input.size = {size.x, size.y - (ImGui::GetCursorPosY() - top)};
    input.query_title = context.say("token that is read", "읽는 토큰");
    input.key_title = context.say("earlier token", "앞의 토큰");
    const HeatmapAnswer answer = draw_heatmap(theme, input, memory.maps[which].heatmap);
    if (answer.pin && answer.pin_key >= 0) context.stage.position = answer.pin_key;
    if (answer.query < 0 || answer.key < 0) return;
    context.stage.hovered_position = answer.query;
    draw_cell_card(context, memory, answer, which);
}

/// A column of a map, from its token on; NaN before.
std::vector<Real> column_of(const Tensor2& map, Index s) {
    const auto T = static_cast<Index>(map.shape()[0]);
    std::vector<Real> column(static_cast<std::size_t>(T), std::numeric_limits<Real>::quiet_NaN());
    for (Index t = s; t < T; ++t) column[static_cast<std::size_t>(t)] = map(t, s);
    return column;
}

/// "Of ·king 12.0 % is left at the end; half of it is gone after 2 tokens."
std::string sentence(const ViewContext& context, const StateSpaceMemory& memory,
                     const Tensor2& kept) {
    const auto T = static_cast<Index>(kept.shape()[0]);
    const Index s = memory.position, half = half_gone(kept, s);
    const std::string name = memory.shown->labels[static_cast<std::size_t>(s)];
    const std::string left = percent_text(static_cast<double>(kept(T - 1, s)));
    const std::string after = std::to_string(half);
    if (context.language == Language::korean) {
        return "‘" + name + "’ 토큰은 끝까지 " + left + "가 남아요. " +
               (half < 0 ? "절반 넘게 남아 있어요." : "토큰 " + after + "개 뒤에 절반을 잃어요.");
    }
    return "Of “" + name + "” " + left + " is left at the end; " +
           (half < 0 ? "more than half of it stays."
                     : "half of it is gone after " + after + (half == 1 ? " token." : " tokens."));
}

void draw_fading(ViewContext& context, StateSpaceMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    const Shown shown = shown_of(memory);
    const std::vector<Real> kept = column_of(*shown.kept, memory.position);
    std::vector<Real> share;
    std::vector<Curve> curves{
        {kept, theme.accent, context.say("left in the state", "상태에 남은 양"), 0.6F}};
    if (memory.followed < 0) {
        share = column_of(*shown.out, memory.position);
        curves.push_back({share, theme.diverging(-0.75F),
                          context.say("share of what comes out", "나오는 값에서의 몫"), 0.6F});
    }
    CurvesInput input;
    input.id = "fading";
    input.curves = curves;
    input.high = 1.02F;
    input.x_title = context.say("token", "토큰");
    input.chosen = memory.position;
    input.size = size;
    const CurvesAnswer answer = draw_curves(theme, input, memory.curves);
    if (answer.seen < 0) return;
    context.stage.hovered_position = answer.seen;
    const auto t = static_cast<std::size_t>(answer.seen);
    const float column = 36.0F * theme.unit;
    begin_curve_card(theme, answer);
    card_row(theme, context.say("At token", "이 토큰에서"),
             std::to_string(answer.seen) + "  " + memory.shown->labels[t], column);
    if (answer.seen < memory.position) {
        card_note(theme, context.say("Before the chosen token.", "고른 토큰보다 앞이에요."),
                  60.0F * theme.unit);
    } else {
        card_row(theme, context.say("Left in the state", "상태에 남은 양"),
                 percent_text(static_cast<double>(kept[t])), column);
        if (!share.empty()) {
            card_row(theme, context.say("Share of what comes out", "나오는 값에서의 몫"),
                     percent_text(static_cast<double>(share[t])), column);
        }
    }
    end_card();
}

}  // namespace

void draw_remembered_page(ViewContext& context, StateSpaceMemory& memory) {
    const Theme& theme = context.theme;
    const Shown shown = shown_of(memory);
    if (shown.kept == nullptr) {
        caption(theme, context.say("Being worked out ...", "계산하고 있어요 ..."), 1000.0F);
        return;
    }
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float gap = 4.0F * theme.unit;
    const bool narrow = room.x < 120.0F * theme.unit;
    const float width = narrow ? room.x : 0.5F * (room.x - gap);
    const float curve = std::clamp(0.26F * room.y, 30.0F * theme.unit, 50.0F * theme.unit);
    const float line = theme.fonts.body->FontSize + gap;
    const float height = std::max(
        60.0F * theme.unit, std::min(room.y - curve - line, 1.05F * width + 10.0F * theme.unit));
    ImGui::BeginGroup();
    draw_map(context, memory, kept_map, {width, height});
    ImGui::EndGroup();
    if (!narrow) ImGui::SameLine(0.0F, gap);
    ImGui::BeginGroup();
    draw_map(context, memory, out_map, {width, height});
    ImGui::EndGroup();
    wrapped(displayable(sentence(context, memory, *shown.kept)), theme.text);
    draw_fading(context, memory, {std::min(room.x, 220.0F * theme.unit), curve});
}

}  // namespace vitrine::viz

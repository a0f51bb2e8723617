// Loss, learning rate and gradient norm of a run, over its steps.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/views/training_parts.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

/// Point of the curves that the chosen checkpoint stands at; -1: the newest is followed.
Index chosen_point(const TrainingMemory& memory) {
    if (memory.step < 0) return -1;
    return memory.snapshot->curves.point_of(std::max<Index>(1, shown_step(memory)));
}

/// A click on a curve chooses the checkpoint that is the nearest.
void choose_near(TrainingMemory& memory, Index point) {
    const TrainingCurves& curves = memory.snapshot->curves;
    const auto& models = memory.snapshot->models;
    if (point < 0 || models.empty()) return;
    const Index step = (point + 1) * curves.stride;
    const auto nearest =
        std::min_element(models.begin(), models.end(), [&](const auto& a, const auto& b) {
            return std::abs(a.step - step) < std::abs(b.step - step);
        });
    choose_model(memory, nearest - models.begin());
}

std::string value_text(const std::vector<Real>& values, Index point, const char* format) {
    const auto at = static_cast<std::size_t>(point);
    if (at >= values.size() || !std::isfinite(values[at])) return "–";
    char text[32];
    std::snprintf(text, sizeof text, format, static_cast<double>(values[at]));
    return text;
}

void draw_card(ViewContext& context, const TrainingCurves& curves, const CurvesAnswer& answer) {
    if (answer.seen < 0) return;
    const Theme& theme = context.theme;
    begin_curve_card(theme, answer);
    char text[64];
    std::snprintf(text, sizeof text, context.say("step %lld", "%lld걸음"),
                  static_cast<long long>(answer.seen + 1) * static_cast<long long>(curves.stride));
    card_heading(theme, text);
    const float column = 40.0F * theme.unit;
    const Index at = answer.seen;
    card_row(theme, context.say("Loss", "손실"), value_text(curves.loss, at, "%.3f"), column);
    card_row(theme, context.say("On held-out text", "따로 둔 글의 손실"),
             value_text(curves.validation, at, "%.3f"), column);
    card_row(theme, context.say("Learning rate", "학습률"),
             value_text(curves.learning_rate, at, "%.2e"), column);
    card_row(theme, context.say("Gradient norm", "기울기의 크기"),
             value_text(curves.grad_norm, at, "%.3f"), column);
    if (curves.stride > 1) {
        std::snprintf(text, sizeof text,
                      context.say("Means of %lld steps.", "%lld걸음의 평균이에요."),
                      static_cast<long long>(curves.stride));
        card_note(theme, text, 60.0F * theme.unit);
    }
    end_card();
}

void draw_small(ViewContext& context, TrainingMemory& memory, const char* id,
                const std::vector<Real>& values, float high, const char* title, CurvesState& state,
                ImVec2 size) {
    const TrainingCurves& curves = memory.snapshot->curves;
    const Curve lines[] = {{values, context.theme.accent, "", 0.35F}};
    CurvesInput input;
    input.id = id;
    input.curves = lines;
    input.count = curves.points;
    input.first = 1;
    input.stride = curves.stride;
    input.high = high;
    input.y_title = title;
    input.x_title = "";
    input.chosen = chosen_point(memory);
    input.size = size;
    const CurvesAnswer answer = draw_curves(context.theme, input, state);
    draw_card(context, curves, answer);
    choose_near(memory, answer.clicked);
}

}  // namespace

void draw_training_curves(ViewContext& context, TrainingMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    const TrainingCurves& curves = memory.snapshot->curves;
    const float small = std::max(26.0F * theme.unit, 0.34F * size.y);
    const float gap = ImGui::GetStyle().ItemSpacing.y;
    const Curve lines[] = {
        {curves.loss, theme.muted, context.say("the text it learns", "배우는 글"), 0.35F},
        {curves.validation, theme.accent, context.say("held-out text", "따로 둔 글"), 0.6F}};
    CurvesInput input;
    input.id = "loss";
    input.curves = lines;
    input.count = curves.points;
    input.first = 1;
    input.stride = curves.stride;
    input.low = curves.loss_low;
    input.high = curves.loss_high;
    input.x_title = context.say("step", "걸음");
    input.y_title = context.say("loss", "손실");
    input.chosen = chosen_point(memory);
    input.size = {size.x, size.y - small - gap};
    ImGui::BeginGroup();
    const CurvesAnswer answer = draw_curves(theme, input, memory.loss);
    draw_card(context, curves, answer);
    choose_near(memory, answer.clicked);
    const float half = 0.5F * (size.x - 3.0F * theme.unit);
    draw_small(context, memory, "rate", curves.learning_rate, curves.rate_high,
               context.say("learning rate", "학습률"), memory.rate, {half, small});
    ImGui::SameLine(0.0F, 3.0F * theme.unit);
    draw_small(context, memory, "norm", curves.grad_norm, curves.norm_high,
               context.say("gradient norm", "기울기의 크기"), memory.norm, {half, small});
    ImGui::EndGroup();
}

}  // namespace vitrine::viz

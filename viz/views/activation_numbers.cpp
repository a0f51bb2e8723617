#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "viz/views/activations_parts.h"

namespace vitrine::viz {

namespace {

// In the order in which they are made; "ssm." is Mamba's mixer.
constexpr std::array<BlockStep, 26> all_steps{{
    {"embed", "Token vectors", "토큰 벡터"},
    {"pos_embed", "Position vectors", "위치 벡터"},
    {"type_embed", "Vectors of first or second text", "첫째 글과 둘째 글 벡터"},
    {"resid_pre", "Stream before the block", "블록 앞의 흐름"},
    {"ln_1", "What attention reads", "어텐션이 읽는 값", "attn_out"},
    {"ln_1", "What the mixer reads", "섞는 부분이 읽는 값", "ssm_out"},
    {"ssm.in", "Channels", "채널"},
    {"ssm.conv", "Channels, convolved", "합성곱을 거친 채널"},
    {"ssm.delta", "Step sizes", "걸음 크기"},
    {"ssm.B", "How it is written", "쓰는 방향 B"},
    {"ssm.C", "How it is read", "읽는 방향 C"},
    {"ssm.y", "What is read from the state", "상태에서 읽은 값"},
    {"ssm.gate", "The gate", "문"},
    {"ssm_out", "What the mixer adds", "섞는 부분이 더하는 값"},
    {"attn_out", "What attention adds", "어텐션이 더하는 값"},
    {"resid_mid", "Stream in the middle", "블록 가운데의 흐름"},
    {"ln_cross", "What looking across reads", "건너다볼 때 읽는 값"},
    {"cross_attn_out", "What looking across adds", "건너다보고 더하는 값"},
    {"resid_cross", "Stream after looking across", "건너다본 뒤의 흐름"},
    {"ln_2", "What feed-forward reads", "피드포워드가 읽는 값"},
    {"mlp_gate", "Neurons: the gate", "뉴런: 문"},
    {"mlp_pre", "Neurons before the curve", "곡선 앞의 뉴런"},
    {"mlp_post", "Neurons that fire", "켜진 뉴런"},
    {"mlp_out", "What feed-forward adds", "피드포워드가 더하는 값"},
    {"resid_post", "Stream after the block", "블록 뒤의 흐름"},
    {"ln_final", "What the last norm gives", "마지막 정규화를 거친 값"},
}};

/// The size below which 99 of 100 numbers lie: a few large ones do not bleach all the others.
float colour_limit(const Activation& activation) {
    std::vector<float> sizes;
    sizes.reserve(activation.values.size());
    for (const Real value : activation.values) sizes.push_back(std::abs(value));
    const auto at = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() * 99 / 100);
    std::nth_element(sizes.begin(), at, sizes.end());
    return std::max(*at, 1e-6F);
}

/// One pixel a number. Where there are more numbers than pixels, the one furthest from 0 is shown.
Image paint(const ActivationsMemory& memory, const Theme& theme, int pixels) {
    const auto T = static_cast<int>(memory.activation->shape[0]);
    const Index columns = memory.activation->shape[1];
    const int width = std::clamp(pixels, 1, static_cast<int>(columns));
    Image image(width, T);
    for (int t = 0; t < T; ++t) {
        const std::span<const Real> row = row_of(memory, t);
        for (int x = 0; x < width; ++x) {
            const auto begin = row.begin() + x * columns / width;
            const auto end =
                row.begin() + std::max((x + 1) * columns / width, x * columns / width + 1);
            const Real shown = *std::max_element(
                begin, end, [](Real a, Real b) { return std::abs(a) < std::abs(b); });
            image.at(x, t) = theme.diverging(shown / memory.limit);
        }
    }
    return image;
}

double length_at(const Tower& tower, Index layer, const char* name, Index position) {
    const Activation* stream = tower.at(layer, name);
    if (stream == nullptr) return 0.0;
    const auto width = static_cast<std::size_t>(stream->shape[1]);
    return describe_row({stream->values.data() + static_cast<std::size_t>(position) * width, width})
        .length;
}

std::vector<double> stream_through_depth(const Tower& tower, Index position) {
    std::vector<double> lengths;
    const Index layers = tower.layers();
    for (Index l = 0; l < layers; ++l)
        lengths.push_back(length_at(tower, l, "resid_pre", position));
    lengths.push_back(length_at(tower, layers - 1, "resid_post", position));
    return lengths;
}

}  // namespace

const Activation* step_at(const Tower& tower, Index layer, const std::string& name) {
    if (const Activation* of_block = tower.at(layer, name)) return of_block;
    return tower.at(name);
}

std::vector<BlockStep> steps_of(const Tower& tower) {
    std::vector<BlockStep> steps;
    for (const BlockStep& step : all_steps) {
        const char* needed = step.beside != nullptr ? step.beside : step.name;
        if (step_at(tower, 0, step.name) != nullptr && step_at(tower, 0, needed) != nullptr)
            steps.push_back(step);
    }
    return steps;
}

RowNumbers describe_row(std::span<const Real> row) {
    RowNumbers numbers;
    if (row.empty()) return numbers;
    const auto n = static_cast<double>(row.size());
    double squares = 0.0;
    for (const Real value : row) {
        numbers.mean += static_cast<double>(value) / n;
        squares += static_cast<double>(value) * static_cast<double>(value);
    }
    for (const Real value : row) {
        const double apart = static_cast<double>(value) - numbers.mean;
        numbers.deviation += apart * apart / n;
    }
    numbers.deviation = std::sqrt(numbers.deviation);
    numbers.length = std::sqrt(squares);
    const auto [low, high] = std::minmax_element(row.begin(), row.end());
    numbers.smallest = *low;
    numbers.largest = *high;
    numbers.strongest.resize(row.size());
    std::iota(numbers.strongest.begin(), numbers.strongest.end(), Index{0});
    const std::size_t kept = std::min<std::size_t>(8, row.size());
    std::partial_sort(numbers.strongest.begin(),
                      numbers.strongest.begin() + static_cast<std::ptrdiff_t>(kept),
                      numbers.strongest.end(), [&](Index a, Index b) {
                          return std::abs(row[static_cast<std::size_t>(a)]) >
                                 std::abs(row[static_cast<std::size_t>(b)]);
                      });
    numbers.strongest.resize(kept);
    return numbers;
}

std::vector<int> histogram(std::span<const Real> row, float limit, int count) {
    std::vector<int> bins(static_cast<std::size_t>(count));
    for (const Real value : row) {
        const float place = (value + limit) / (2.0F * limit) * static_cast<float>(count);
        const int bin = std::clamp(static_cast<int>(std::floor(place)), 0, count - 1);
        ++bins[static_cast<std::size_t>(bin)];
    }
    return bins;
}

std::span<const Real> row_of(const ActivationsMemory& memory, Index position) {
    const auto width = static_cast<std::size_t>(memory.activation->shape[1]);
    return {memory.activation->values.data() + static_cast<std::size_t>(position) * width, width};
}

bool refresh(ViewContext& context, ActivationsMemory& memory) {
    const Run& run = *context.run;
    if (!run.model) return false;
    const Tower tower = chosen_tower(run, context.stage);
    if (!context.stage.step.empty() && step_at(tower, 0, context.stage.step) != nullptr) {
        memory.step = context.stage.step;
    }
    if (step_at(tower, 0, memory.step) == nullptr) memory.step = "resid_post";
    const Index layer = std::clamp<Index>(context.stage.layer, 0, tower.layers() - 1);
    const Activation* activation = step_at(tower, layer, memory.step);
    if (activation == nullptr || activation->shape.size() != 2) return false;
    const bool other_run = take_shown(context, memory.shown);
    const bool other_map =
        other_run || memory.activation != activation || memory.dark != context.theme.dark;
    if (other_map) {
        memory.activation = activation;
        memory.stack = tower.stack();
        memory.layer = layer;
        memory.dark = context.theme.dark;
        memory.limit = colour_limit(*activation);
        memory.picture.reset();
    }
    const Index T = activation->shape[0];
    const Index wanted = context.stage.position;
    const Index position = wanted < 0 || wanted >= T ? T - 1 : wanted;
    if (other_map || position != memory.position) {
        memory.position = position;
        memory.numbers = describe_row(row_of(memory, position));
        memory.bins = histogram(row_of(memory, position), 1.5F * memory.limit, 45);
        memory.depth = stream_through_depth(tower, position);
    }
    return true;
}

void show_picture(ViewContext& context, ActivationsMemory& memory, float width) {
    const int pixels =
        std::clamp(static_cast<int>(width), 1, static_cast<int>(memory.activation->shape[1]));
    if (!memory.picture.empty() && memory.picture.image().width == pixels) return;
    memory.picture.set(context.memory.device(), paint(memory, context.theme, pixels));
}

}  // namespace vitrine::viz

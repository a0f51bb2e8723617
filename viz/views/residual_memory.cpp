// What the residual view derives from a run.
#include <algorithm>
#include <cmath>

#include "viz/views/residual_parts.h"

namespace vitrine::viz {

namespace {

constexpr std::array<BlockStep, 10> unfolded{{
    {"resid_pre", "Stream before the block", "블록 앞의 흐름"},
    {"ln_1", "What attention reads", "어텐션이 읽는 값"},
    {"attn_out", "+ what attention adds", "+ 어텐션이 더하는 값"},
    {"resid_mid", "= stream in the middle", "= 블록 가운데의 흐름"},
    {"ln_cross", "What looking across reads", "건너다볼 때 읽는 값"},
    {"cross_attn_out", "+ what looking across adds", "+ 건너다보고 더하는 값"},
    {"resid_cross", "= stream after looking across", "= 건너다본 뒤의 흐름"},
    {"ln_2", "What feed-forward reads", "피드포워드가 읽는 값"},
    {"mlp_out", "+ what feed-forward adds", "+ 피드포워드가 더하는 값"},
    {"resid_post", "= stream after the block", "= 블록 뒤의 흐름"},
}};

/// Where the norm stands behind the sum, as in BERT.
constexpr std::array<BlockStep, 5> unfolded_post_norm{{
    {"resid_pre", "Stream before the block", "블록 앞의 흐름"},
    {"attn_out", "+ what attention adds", "+ 어텐션이 더하는 값"},
    {"resid_mid", "The sum, normed: stream in the middle", "더해서 정규화: 블록 가운데의 흐름"},
    {"mlp_out", "+ what feed-forward adds", "+ 피드포워드가 더하는 값"},
    {"resid_post", "The sum, normed: stream after the block", "더해서 정규화: 블록 뒤의 흐름"},
}};

/// The size below which 98 of 100 numbers lie.
float usual_size(const std::vector<BlockStrip>& strips) {
    std::vector<float> sizes;
    for (const BlockStrip& strip : strips) {
        for (const Real value : strip.values) sizes.push_back(std::abs(value));
    }
    if (sizes.empty()) return 1.0F;
    const auto at = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() * 98 / 100);
    std::nth_element(sizes.begin(), at, sizes.end());
    return std::max(*at, 1e-6F);
}

void take_block(ResidualMemory& memory) {
    memory.strips.clear();
    const bool behind = norms_behind(memory.tower());
    for (const BlockStep& step : behind ? std::span<const BlockStep>(unfolded_post_norm)
                                        : std::span<const BlockStep>(unfolded)) {
        const auto values = vector_at(memory.tower(), memory.layer, step.name, memory.position);
        if (!values.empty()) memory.strips.push_back({&step, values, describe_row(values)});
    }
    memory.limit = usual_size(memory.strips);
    memory.strip_picture.reset();
    memory.spread =
        norm_spread(vector_at(memory.tower(), memory.layer, "resid_pre", memory.position),
                    vector_at(memory.tower(), memory.layer, "ln_1", memory.position), 61);
}

void take_position(ViewContext& context, ResidualMemory& memory) {
    memory.branches = branches_of(memory.tower(), memory.position);
    memory.rows.clear();
    double longest = 1e-6;
    for (const BranchStep& step : memory.branches) {
        ValueRow row;
        row.label = std::to_string(step.layer) + " " +
                    (step.branch == Branch::attention ? context.say("attention", "어텐션")
                     : step.branch == Branch::across  ? context.say("across", "건너다보기")
                                                     : context.say("feed-forward", "피드포워드"));
        row.values = {step.stream, step.added, step.cosine};
        row.parted = step.branch == Branch::attention && step.layer > 0;
        longest = std::max({longest, step.stream, step.added});
        memory.rows.push_back(std::move(row));
    }
    memory.columns = {{{context.say("stream", "흐름"), longest, false},
                       {context.say("adds", "더하는 값"), longest, false},
                       {context.say("direction", "방향"), 1.0, true}}};
}

}  // namespace

NormSpread norm_spread(std::span<const Real> before, std::span<const Real> after, int count) {
    NormSpread spread;
    if (before.empty() || after.empty()) return spread;
    // Wide enough for nearly all of both: a few large numbers do not press the rest together.
    double widest = 1e-6;
    for (const auto& row : {before, after}) {
        const RowNumbers numbers = describe_row(row);
        widest = std::max(widest, std::abs(numbers.mean) + 3.5 * numbers.deviation);
    }
    spread.limit = static_cast<float>(widest);
    spread.before = histogram(before, spread.limit, count);
    spread.after = histogram(after, spread.limit, count);
    return spread;
}

bool refresh(ViewContext& context, ResidualMemory& memory) {
    const Run& run = *context.run;
    const Tower tower = chosen_tower(run, context.stage);
    if (!run.model || tower.at(0, "resid_pre") == nullptr) return false;
    const Index layers = tower.layers();
    const Index T = tower.positions();
    const Index layer = std::clamp<Index>(context.stage.layer, 0, layers - 1);
    const Index wanted = context.stage.position;
    const Index position = wanted < 0 || wanted >= T ? T - 1 : wanted;
    const std::shared_ptr<const ShownTokens> before = memory.shown;
    const bool other_run = take_shown(context, memory.shown) || memory.stack != tower.stack();
    if (other_run) {
        if (!before || before->run != context.run || memory.stack != tower.stack()) {
            memory.depth = nullptr;
            memory.growth = nullptr;
        }
        memory.stack = tower.stack();
        memory.places.clear();
        for (Index l = 0; l < layers; ++l) memory.places.push_back(std::to_string(l));
        memory.places.push_back(context.say("end", "끝"));
    }
    if (memory.dark != context.theme.dark) {
        memory.dark = context.theme.dark;
        memory.strip_picture.reset();
        for (Texture& map : memory.maps) map.reset();
    }
    const bool other_position = other_run || memory.position != position;
    if (other_position) {
        memory.position = position;
        take_position(context, memory);
    }
    if (other_position || memory.layer != layer) {
        memory.layer = layer;
        take_block(memory);
    }
    return !memory.branches.empty();
}

}  // namespace vitrine::viz

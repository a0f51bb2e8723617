#include <algorithm>
#include <cmath>

#include "chapters/03_positional_encoding/positional_encoding.h"
#include "models/decoder.h"
#include "nn/relative_bias.h"
#include "nn/rotary.h"
#include "viz/views/positions_parts.h"
#include "viz/views/token_table.h"

namespace vitrine::viz {

namespace {

constexpr Index llama_head_width = 64;
constexpr double llama_base = 10000.0;

/// T5's own buckets, or how T5 has them.
void refresh_bias(const LoadedModel& model, BiasMemory& own) {
    const EncoderDecoder* t5 = model.text_to_text();
    own.of_model = t5 != nullptr;
    own.heads = bias_heads;
    own.shared = Buckets{};
    own.largest = 2.5F;  // normal numbers are hardly ever farther from 0
    if (own.of_model) {
        const DistanceBias& distances = t5->weights().encoder_bias;  // table [buckets, H]
        own.heads = static_cast<Index>(distances.table.shape()[1]);
        own.shared = {static_cast<int>(distances.table.shape()[0]), distances.max_distance};
        own.largest = 1e-6F;
        for (const Real value : distances.table)
            own.largest = std::max(own.largest, std::abs(value));
    }
    own.head = std::min(own.head, own.heads - 1);
    own.buckets = t5_buckets(bucket_reach, own.shared);
}

void refresh_model(const Run& run, PositionsMemory& memory) {
    memory.model = run.model;
    const auto* decoder = run.model->decoder();
    memory.rotary.rotary = Rotary{rotary_frequencies(llama_head_width, llama_base), false};
    memory.rotary.of_model = false;
    memory.learned.table.reset();
    memory.learned.exists = run.model->position_table() != nullptr;
    ++memory.learned.model_number;
    memory.rotary.of_position = memory.learned.of_position = -1;
    refresh_bias(*run.model, memory.bias);
    if (decoder == nullptr) return;
    const DecoderWeights& weights = decoder->weights();
    if (!weights.blocks.empty() && !weights.blocks.front().attn.rotary.none()) {
        memory.rotary.rotary = weights.blocks.front().attn.rotary;
        memory.rotary.of_model = true;
    }
}

/// The rows of a large model take longer than a frame to convert: read in the background.
void ask_for_learned(ViewContext& context, PositionsMemory& memory) {
    LearnedMemory& learned = memory.learned;
    if (memory.way != static_cast<int>(PositionWay::learned) || !learned.exists || learned.table)
        return;
    const auto answer = context.background.ask<LearnedRows>(
        "learned positions", learned.model_number, [model = memory.model](const std::stop_token&) {
            const Matrix& wpe = *model->position_table();
            return std::make_shared<const LearnedRows>(
                LearnedRows{wpe.values(), colour_limit(wpe)});
        });
    if (!answer.value || answer.id != learned.model_number) return;
    learned.table = {answer.value, &answer.value->values};
    learned.limit = answer.value->limit;
    const auto rows = static_cast<Index>(learned.table->shape()[0]);
    for (auto t = static_cast<Index>(memory.rows.size()); t < rows; ++t)
        memory.rows.push_back(position_name(memory, t));
    memory.of_stage = -2;  // a position that only these rows reach can be chosen now
}

void refresh_names(ViewContext& context, PositionsMemory& memory) {
    const Run& run = *context.run;
    memory.shown = std::max(least_positions, run.positions());
    memory.rotary.distance = std::min(memory.rotary.distance, memory.shown - 1);
    memory.rotary.of_position = -1;
    const Index T = std::min(run.positions(), most_bias_tokens);
    const EncoderDecoder* t5 = run.model->text_to_text();
    memory.bias.t5 = t5 == nullptr ? random_t5_bias(bias_heads, T)
                                   : bucket_bias(t5->weights().encoder_bias.table, true,
                                                 t5->weights().encoder_bias.max_distance, T, T);
    memory.bias.painted = -1;
    memory.tokens = memory.text->labels;
    memory.rows.clear();
    const Index learned =
        memory.learned.table ? static_cast<Index>(memory.learned.table->shape()[0]) : 0;
    for (Index t = 0; t < std::max(memory.shown, learned); ++t) {
        memory.rows.push_back(position_name(memory, t));
    }
}

void refresh_sinusoidal(SinusoidalMemory& own, Index shown, Index position) {
    if (!own.table || static_cast<Index>(own.table->shape()[0]) != shown) {
        own.table = std::make_shared<const Tensor2>(chapters::sinusoidal(shown, sinusoidal_width));
        own.from_first = products_with_row(*own.table, 0);
        own.of_pair = own.of_position = -1;
    }
    if (own.of_pair != own.pair) {
        own.of_pair = own.pair;
        own.sines = own.cosines = zeros<1>({shown});
        for (Index t = 0; t < shown; ++t) {
            own.sines(t) = (*own.table)(t, 2 * own.pair);
            own.cosines(t) = (*own.table)(t, 2 * own.pair + 1);
        }
    }
    if (own.of_position == position) return;
    own.of_position = position;
    const Tensor1 products = products_with_row(*own.table, position);
    // Towards the side that has more rows: the product is the same both ways.
    const Index step = 2 * position < shown ? 1 : -1;
    const Index count = step > 0 ? shown - position : position + 1;
    own.from_here = zeros<1>({count});
    for (Index d = 0; d < count; ++d) own.from_here(d) = products(position + step * d);
}

}  // namespace

std::string position_name(const PositionsMemory& memory, Index position) {
    const auto i = static_cast<std::size_t>(position);
    const std::string number = std::to_string(position);
    return i < memory.tokens.size() ? number + "  " + memory.tokens[i] : number;
}

Index position_count(const PositionsMemory& memory) {
    const bool learned = memory.way == static_cast<int>(PositionWay::learned);
    return learned && memory.learned.table ? static_cast<Index>(memory.learned.table->shape()[0])
                                           : memory.shown;
}

void choose_position(ViewContext& context, PositionsMemory& memory, Index position) {
    memory.position = std::clamp<Index>(position, 0, position_count(memory) - 1);
    if (memory.position >= context.run->positions()) return;
    context.stage.position = memory.of_stage = memory.position;
}

void refresh(ViewContext& context, PositionsMemory& memory) {
    const Run& run = *context.run;
    if (memory.model != run.model) {
        refresh_model(run, memory);
        memory.text.reset();
    }
    if (take_shown(context, memory.text)) {
        refresh_names(context, memory);
        memory.of_stage = -2;
    }
    ask_for_learned(context, memory);
    if (memory.of_stage != context.stage.position) {
        memory.of_stage = context.stage.position;
        const Index T = run.positions();
        memory.position = memory.of_stage < 0 || memory.of_stage >= T ? T - 1 : memory.of_stage;
    }
    memory.position = std::clamp<Index>(memory.position, 0, position_count(memory) - 1);
    const Index near = std::min(memory.position, memory.shown - 1);
    refresh_sinusoidal(memory.sinusoidal, memory.shown, near);
    RotaryMemory& rotary = memory.rotary;
    if (rotary.of_position != near) {
        rotary.of_position = near;
        rotary.from_first = rotary_scores(rotary.rotary, 0, memory.shown);
        rotary.from_here = rotary_scores(rotary.rotary, near, memory.shown);
    }
    LearnedMemory& learned = memory.learned;
    if (learned.table && learned.of_position != memory.position) {
        const auto rows = static_cast<Index>(learned.table->shape()[0]);
        learned.of_position = memory.position;
        learned.cosines = cosines_with_row(*learned.table, std::min(memory.position, rows - 1));
    }
    if (memory.bias.alibi.size() == 0) memory.bias.alibi = alibi_over_distance(bias_heads, 65);
}

}  // namespace vitrine::viz

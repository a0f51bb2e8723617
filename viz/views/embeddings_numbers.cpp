#include <algorithm>

#include "models/decoder.h"
#include "viz/views/embeddings_parts.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

constexpr int shown_neighbours = 10;

/// The rows of the text's tokens. [T, C]
std::shared_ptr<const Tensor2> rows_of(const Matrix& table, const std::vector<int>& ids) {
    Tensor2 rows = zeros<2>({static_cast<Index>(ids.size()), table.columns});
    for (std::size_t t = 0; t < ids.size(); ++t) {
        if (ids[t] >= 0 && ids[t] < table.rows) table.read_row(ids[t], &rows(t, 0));
    }
    return std::make_shared<const Tensor2>(std::move(rows));
}

/// Tokens with a name in the shadow: the chosen one, its neighbours, the others of the text.
std::vector<ShadowPoint> named_points(const EmbeddingsMemory& memory) {
    std::vector<ShadowPoint> points;
    const auto add = [&](int id, PointKind kind) {
        const bool known = std::any_of(points.begin(), points.end(),
                                       [&](const ShadowPoint& point) { return point.id == id; });
        if (!known && id < memory.table->tokens()) {
            points.push_back({id, kind, token_name(memory, id)});
        }
    };
    add(memory.token, PointKind::chosen);
    for (const int id : memory.shown->run->encoding.ids) add(id, PointKind::text);
    for (const Neighbour& near : memory.neighbours) add(near.id, PointKind::neighbour);
    return points;
}

void refresh_run(ViewContext& context, EmbeddingsMemory& memory, const Matrix& wte) {
    const Run& run = *context.run;
    const bool other_model = memory.model != run.model;
    memory.rows = rows_of(wte, run.encoding.ids);
    memory.position = -1;
    memory.points.clear();
    if (!other_model) return;
    memory.model = run.model;
    memory.limit = colour_limit(wte);
    memory.table.reset();
    ++memory.model_number;
    memory.neighbours.clear();
    memory.neighbours_of = -1;
}

/// The table takes longer than a frame.
void ask_for_table(ViewContext& context, EmbeddingsMemory& memory, const Matrix& wte) {
    const std::uint64_t id = memory.model_number;
    const auto answer =
        context.background.ask<TokenTable>("token table", id, [wte](const std::stop_token& stop) {
            return std::make_shared<const TokenTable>(read_token_table(wte, stop));
        });
    if (answer.id == id) memory.table = answer.value;
}

/// So do the neighbours in a large table. Until they are there the last ones stay.
void ask_for_neighbours(ViewContext& context, EmbeddingsMemory& memory) {
    const std::uint64_t id =
        (memory.model_number << 32U) + static_cast<std::uint64_t>(memory.token);
    const auto answer = context.background.ask<std::vector<Neighbour>>(
        "neighbours", id, [table = memory.table, token = memory.token](const std::stop_token&) {
            return std::make_shared<const std::vector<Neighbour>>(
                nearest_tokens(*table, token, shown_neighbours));
        });
    if (answer.id != id || !answer.value) return;
    memory.neighbours = *answer.value;
    memory.neighbours_of = memory.token;
    memory.points.clear();
}

}  // namespace

const Matrix* token_table_of(const Run& run) {
    return run.model ? run.model->token_table() : nullptr;
}

std::string token_name(const EmbeddingsMemory& memory, int id) {
    const Run& run = *memory.shown->run;
    if (run.has_start && id == run.encoding.ids.front()) return memory.shown->labels.front();
    const Tokenizer* tokenizer = run.model ? run.model->tokenizer.get() : nullptr;
    if (tokenizer == nullptr || id >= tokenizer->vocabulary()) return std::to_string(id);
    if (tokenizer->is_special(id)) return displayable(tokenizer->token(id));
    return displayable(visible_text(tokenizer->bytes(id)));
}

bool refresh(ViewContext& context, EmbeddingsMemory& memory) {
    const Matrix* wte = token_table_of(*context.run);
    if (wte == nullptr) return false;
    if (take_shown(context, memory.shown)) refresh_run(context, memory, *wte);
    const Index T = context.run->positions();
    const Index wanted = context.stage.position;
    const Index position = wanted < 0 || wanted >= T ? T - 1 : wanted;
    if (position != memory.position) {
        memory.position = position;
        memory.token = context.run->encoding.ids[static_cast<std::size_t>(position)];
        memory.visiting = false;
    }
    if (!memory.table) ask_for_table(context, memory, *wte);
    if (memory.table && memory.neighbours_of != memory.token) ask_for_neighbours(context, memory);
    if (memory.table && memory.points.empty()) memory.points = named_points(memory);
    return true;
}

}  // namespace vitrine::viz

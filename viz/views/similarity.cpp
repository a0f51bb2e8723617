#include "viz/views/similarity.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "viz/views/similarity_parts.h"
#include "viz/views/states.h"
#include "viz/widgets/colour_scale.h"
#include "viz/widgets/formatted.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/vector_map.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

constexpr std::size_t most_bars = 30;

void take_names(SimilarityMemory& memory) {
    memory.names = memory.columns = memory.shown->labels;
    if (!memory.of_lines()) return;
    memory.names.clear();
    memory.columns.clear();
    for (std::size_t i = 0; i < memory.lines.size(); ++i) {
        memory.columns.push_back(std::to_string(i + 1));
        memory.names.push_back(memory.columns.back() + "  " + displayable(memory.lines[i]));
    }
}

void take_text(ViewContext& context, SimilarityMemory& memory) {
    if (!take_shown(context, memory.shown)) return;
    const Run& run = *memory.shown->run;
    memory.lines = run.captions.empty() ? lines_of(run.text, most_lines) : run.captions;
    memory.likeness = nullptr;
    memory.listed = memory.seen = -1;
    take_names(memory);
    if (memory.pinned >= static_cast<Index>(memory.names.size())) memory.pinned = -1;
}

/// The folder's own way to make vectors of sentences is read once for a model.
void ask_folder(ViewContext& context, SimilarityMemory& memory) {
    const std::string& folder = memory.shown->run->model->folder;
    if (memory.sentences_of == folder) return;
    memory.sentences = nullptr;
    memory.sentences_of.clear();
    const std::uint64_t id = std::hash<std::string>{}(folder);
    const auto answer = context.background.ask<SentenceFolder>(
        "sentence model", id, [folder](const std::stop_token&) {
            return std::make_shared<const SentenceFolder>(open_sentence_folder(folder));
        });
    if (!answer.busy) memory.problem = answer.problem;
    if (!answer.value || answer.id != id) return;
    memory.sentences = answer.value;
    memory.sentences_of = folder;
}

void ask(ViewContext& context, SimilarityMemory& memory) {
    memory.problem.clear();
    const std::shared_ptr<const Run> run = memory.shown->run;
    const bool encodes = run->model->encoder() != nullptr;
    if (memory.of_lines() && encodes) ask_folder(context, memory);
    if (memory.likeness || (memory.of_lines() && encodes && !memory.sentences)) return;
    const auto answer = context.background.ask<Likeness>(
        "similarity", run->serial,
        [run, lines = memory.lines, sentences = memory.sentences](const std::stop_token& stop) {
            TaskOptions options;
            options.stop = stop;
            const bool of_lines = lines.size() > 1;
            const bool captions = !run->captions.empty();
            const Tensor2 vectors = !of_lines   ? last_vectors(*run).copy()
                                    : captions  ? run->caption_vectors
                                    : sentences ? embed(sentences->model, lines, options)
                                                : mean_vectors(run->model, lines, stop);
            return std::make_shared<const Likeness>(likeness_of(vectors));
        });
    if (!answer.busy) memory.problem = answer.problem;
    if (answer.value && answer.id == run->serial) memory.likeness = answer.value;
}

/// What the vectors are.
std::string source(const ViewContext& context, const SimilarityMemory& memory) {
    if (!memory.of_lines()) {
        return context.say("Vectors: the tokens behind the last layer.",
                           "벡터: 마지막 층을 지난 토큰이에요.");
    }
    if (!memory.shown->run->captions.empty()) {
        return context.say(
            "Vectors: those of the captions, which the model compares with pictures.",
            "벡터: 모델이 그림과 견주는, 설명의 벡터예요.");
    }
    if (!memory.sentences || !memory.sentences->trained) {
        return context.say(
            "Vectors: the mean over the tokens of a line, behind the last layer. "
            "This model was not trained to compare sentences.",
            "벡터: 한 줄의 토큰을 마지막 층 뒤에서 평균한 값이에요. 문장을 "
            "비교하도록 학습한 모델은 아니에요.");
    }
    std::string how;
    for (const Pooling pooling : memory.sentences->model.encoder.poolings()) {
        how += how.empty() ? "" : " + ";
        switch (pooling) {
            case Pooling::cls: how += context.say("the first token", "첫 토큰"); break;
            case Pooling::mean:
                how += context.say("the mean over the tokens", "토큰의 평균");
                break;
            case Pooling::max:
                how += context.say("the largest number in each dimension", "차원마다 가장 큰 값");
                break;
        }
    }
    return context.language == Language::korean
               ? "벡터: " + how + ". 문장을 비교하도록 학습한 모델이에요."
               : "Vectors: " + how + ". This model was trained to compare sentences.";
}

void paint(ViewContext& context, SimilarityMemory& memory) {
    if (memory.painted == memory.likeness && memory.dark == context.theme.dark) return;
    memory.painted = memory.likeness;
    memory.dark = context.theme.dark;
    const auto n = static_cast<Index>(memory.names.size());
    memory.picture.set(context.memory.device(), paint_signed_map(memory.likeness->cosines.data(), n,
                                                                 n, 1.0F, context.theme));
}

std::string cosine_text(const SimilarityMemory& memory, Index i, Index j) {
    return formatted("%.3f", static_cast<double>(memory.likeness->cosines(i, j)));
}

/// A small frame in each row around the one that is most alike.
void mark_closest(const Theme& theme, const SimilarityMemory& memory) {
    const HeatmapState& map = memory.heatmap;
    const auto n = static_cast<Index>(memory.names.size());
    const float side = map.cell * static_cast<float>(map.camera.cells(n));
    const float inset = std::max(1.0F, 0.12F * map.cell);
    if (map.cell < 1.5F * theme.unit) return;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const Image& picture = memory.picture.image();
    list->PushClipRect(map.plot, {map.plot.x + side, map.plot.y + side}, true);
    for (Index i = 0; i < n; ++i) {
        const Index j = memory.likeness->closest[static_cast<std::size_t>(i)];
        if (j < 0) continue;
        const ImVec2 low{
            map.plot.x + map.cell * static_cast<float>(static_cast<double>(j) - map.camera.left) +
                inset,
            map.plot.y + map.cell * static_cast<float>(static_cast<double>(i) - map.camera.top) +
                inset};
        list->AddRect(low, {low.x + map.cell - 2.0F * inset, low.y + map.cell - 2.0F * inset},
                      theme.text_on(picture.at(static_cast<int>(j), static_cast<int>(i))),
                      0.3F * theme.radius, 0, std::max(1.0F, 0.4F * theme.unit));
    }
    list->PopClipRect();
}

void draw_cell_card(const ViewContext& context, const SimilarityMemory& memory,
                    const HeatmapAnswer& answer) {
    const Theme& theme = context.theme;
    const float wrap = 90.0F * theme.unit;
    if (answer.by_keyboard) {
        begin_card_at(theme, {answer.cell_high.x + theme.unit, answer.cell_high.y + theme.unit});
    } else {
        begin_card(theme);
    }
    card_heading(theme,
                 context.say("Cosine ", "코사인 ") + cosine_text(memory, answer.query, answer.key));
    card_note(theme, memory.names[static_cast<std::size_t>(answer.query)], wrap);
    card_note(theme, memory.names[static_cast<std::size_t>(answer.key)], wrap);
    if (memory.likeness->closest[static_cast<std::size_t>(answer.query)] == answer.key) {
        card_note(theme, context.say("The most alike of this row.", "이 행에서 가장 비슷해요."),
                  wrap);
    }
    end_card();
}

void draw_map(ViewContext& context, SimilarityMemory& memory, ImVec2 size) {
    paint(context, memory);
    HeatmapInput input;
    input.id = "similarity";
    input.texture = &memory.picture;
    input.values = memory.likeness->cosines.data();
    input.n = static_cast<Index>(memory.names.size());
    input.labels = memory.columns;
    input.row_labels = memory.names;
    input.pinned_query = memory.pinned;
    input.marked = memory.of_lines() ? -1 : context.stage.hovered_position;
    input.gaps_from = 2.0F;
    input.size = size;
    input.query_title =
        memory.of_lines() ? context.say("line", "줄") : context.say("token", "토큰");
    input.key_title = input.query_title;
    const HeatmapAnswer answer = draw_heatmap(context.theme, input, memory.heatmap);
    mark_closest(context.theme, memory);
    if (answer.pin && answer.pin_query >= 0)
        memory.pinned = memory.pinned == answer.pin_query ? -1 : answer.pin_query;
    memory.seen = answer.query;
    if (answer.query < 0) return;
    if (!memory.of_lines()) context.stage.hovered_position = answer.query;
    if (answer.key >= 0) draw_cell_card(context, memory, answer);
}

/// The row that the bars are about: the one pointed at, else the chosen one, else the first line or
/// typed token.
void list_row(SimilarityMemory& memory) {
    const bool of_start = !memory.of_lines() && memory.shown->run->has_start;
    const Index first = of_start && memory.names.size() > 1 ? 1 : 0;
    const Index row = memory.seen >= 0 ? memory.seen : memory.pinned >= 0 ? memory.pinned : first;
    if (memory.listed == row) return;
    memory.listed = row;
    const Tensor2& cosines = memory.likeness->cosines;
    memory.ranked.resize(memory.names.size());
    std::iota(memory.ranked.begin(), memory.ranked.end(), Index{0});
    std::erase(memory.ranked, row);
    std::stable_sort(memory.ranked.begin(), memory.ranked.end(),
                     [&](Index a, Index b) { return cosines(row, a) > cosines(row, b); });
    if (memory.ranked.size() > most_bars) memory.ranked.resize(most_bars);
    memory.bars.clear();
    for (const Index other : memory.ranked) {
        Bar bar;
        bar.label = memory.names[static_cast<std::size_t>(other)];
        bar.value = std::max(0.0, static_cast<double>(cosines(row, other)));
        bar.number = cosine_text(memory, row, other);
        memory.bars.push_back(std::move(bar));
    }
}

void draw_row(ViewContext& context, SimilarityMemory& memory, ImVec2 size) {
    const Theme& theme = context.theme;
    list_row(memory);
    const std::string& name = memory.names[static_cast<std::size_t>(memory.listed)];
    const float top = ImGui::GetCursorPosY();
    small_heading(theme, elided(theme.fonts.bold, name, size.x - theme.unit));
    caption(theme,
            context.say("The others, the most like it first.", "나머지를 비슷한 순서로 보여 줘요."),
            size.x);
    if (memory.bars.empty()) return;
    BarsInput input;
    input.id = "row";
    input.bars = memory.bars;
    input.width = size.x;
    const float room = size.y - (ImGui::GetCursorPosY() - top) - 2.0F * theme.fonts.small->FontSize;
    input.row = std::clamp(room / static_cast<float>(memory.bars.size()),
                           theme.fonts.body->FontSize + 1.0F, 8.0F * theme.unit);
    input.label_title =
        memory.of_lines() ? context.say("line", "줄") : context.say("token", "토큰");
    input.number_title = context.say("cosine", "코사인");
    const BarsAnswer answer = draw_bars(theme, input, memory.bars_state);
    if (answer.clicked >= 0)
        memory.pinned = memory.ranked[static_cast<std::size_t>(answer.clicked)];
    if (answer.seen < 0) return;
    const Index other = memory.ranked[static_cast<std::size_t>(answer.seen)];
    answer.by_keyboard ? begin_card_at(theme, {answer.low.x, answer.high.y + theme.unit})
                       : begin_card(theme);
    card_heading(theme,
                 context.say("Cosine ", "코사인 ") + cosine_text(memory, memory.listed, other));
    card_note(theme, name, 90.0F * theme.unit);
    card_note(theme, memory.names[static_cast<std::size_t>(other)], 90.0F * theme.unit);
    card_note(theme, context.say("Click to go there.", "누르면 그리로 가요."), 90.0F * theme.unit);
    end_card();
}

void draw_waiting(const ViewContext& context, const SimilarityMemory& memory) {
    if (!memory.problem.empty()) {
        draw_state(context.theme, context.say("That did not work", "문제가 생겼어요"),
                   memory.problem, context.theme.bad);
        return;
    }
    caption(context.theme, context.say("Being worked out ...", "계산하고 있어요 ..."), 1000.0F);
}

/// A run whose last layer was not kept.
bool draw_without_vectors(ViewContext& context) {
    const Run& run = *context.run;
    if (last_vectors(run).data != nullptr) return false;
    draw_state(context.theme, context.say("No vectors were kept", "벡터 기록이 없어요"),
               context.say("This run holds nothing of the last layer.",
                           "이번 실행에는 마지막 층의 값이 남아 있지 않아요."),
               context.theme.muted);
    return true;
}

}  // namespace

void draw_similarity(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context) || draw_without_vectors(context)) return;
    SimilarityMemory& memory = context.memory.of<SimilarityMemory>();
    take_text(context, memory);
    explain(theme,
            memory.of_lines()
                ? context.say("Each line of your text becomes one vector. A cell says how alike "
                              "two lines are: the cosine of their vectors, 1 if they point the "
                              "same way. Framed: the most alike of each row.",
                              "글의 한 줄이 벡터 하나가 돼요. 칸마다 두 줄이 얼마나 비슷한지, 두 "
                              "벡터의 코사인이에요. 같은 쪽을 가리키면 1이에요. 테두리는 그 "
                              "행에서 가장 비슷한 줄이에요.")
                : context.say("The tokens of your text, each with each: the cosine of their "
                              "vectors, 1 if they point the same way. Write several lines, one "
                              "sentence a line, to compare sentences.",
                              "글의 토큰을 서로 견줘요. 두 벡터의 코사인이고, 같은 쪽을 가리키면 "
                              "1이에요. 한 줄에 한 문장씩 여러 줄을 쓰면 문장을 비교해요."));
    ask(context, memory);
    if (!memory.likeness) return draw_waiting(context, memory);
    const ImVec2 room = ImGui::GetContentRegionAvail();
    caption(theme, source(context, memory), room.x);
    draw_diverging_legend(theme, 1.0F, std::min(room.x, 90.0F * theme.unit));
    ImGui::Dummy({0.0F, theme.unit});
    const float height = std::max(ImGui::GetContentRegionAvail().y, 56.0F * theme.unit);
    const float gap = 4.0F * theme.unit;
    const bool narrow = room.x < 130.0F * theme.unit;
    const float panel =
        narrow ? room.x : std::clamp(0.32F * room.x, 50.0F * theme.unit, 90.0F * theme.unit);
    ImGui::BeginGroup();
    draw_map(context, memory, {narrow ? room.x : room.x - panel - gap, height});
    ImGui::EndGroup();
    if (!narrow) ImGui::SameLine(0.0F, gap);
    ImGui::BeginGroup();
    draw_row(context, memory, {panel, height});
    ImGui::EndGroup();
}

}  // namespace vitrine::viz

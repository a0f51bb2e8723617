// The three attentions of the encoder-decoder as maps, and what a cell of one says.
#include <algorithm>

#include "viz/views/encoder_decoder_numbers.h"
#include "viz/views/encoder_decoder_parts.h"
#include "viz/widgets/formatted.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

constexpr std::array all_attends{Attends::encoder, Attends::decoder, Attends::cross};

/// Where one stack has fewer layers than the other, its last one.
std::string name_of(const EncoderDecoderMemory& memory, Attends which) {
    const std::string l = std::to_string(std::min<Index>(memory.layer, memory.layers(which) - 1));
    switch (which) {
        case Attends::encoder: return "encoder.blocks." + l + ".attn.pattern";
        case Attends::decoder: return "decoder.blocks." + l + ".attn.pattern";
        case Attends::cross: break;
    }
    return "decoder.blocks." + l + ".cross_attn.pattern";
}

const std::vector<std::string>& row_names(const EncoderDecoderMemory& memory, Attends which) {
    return which == Attends::encoder ? memory.source : memory.target;
}

const std::vector<std::string>& column_names(const EncoderDecoderMemory& memory, Attends which) {
    return which == Attends::decoder ? memory.target : memory.source;
}

bool is_hidden(Attends which, Index query, Index key) {
    return which == Attends::decoder && key > query;
}

void refresh_text(ViewContext& context, EncoderDecoderMemory& memory) {
    const std::shared_ptr<const ShownTokens> before = memory.shown;
    if (!take_shown(context, memory.shown)) return;
    const Run& run = *memory.shown->run;
    const Index most = std::max(memory.layers(Attends::encoder), memory.layers(Attends::decoder));
    memory.layer = static_cast<int>(std::min<Index>(memory.layer, most - 1));
    memory.head = static_cast<int>(std::min<Index>(memory.head, memory.heads() - 1));
    const bool same_text = before && before->run->encoding.ids == run.encoding.ids;
    const Index typed = run.positions() - (run.has_start ? 1 : 0);
    memory.tokens = std::min(typed, most_translator_tokens);
    if (same_text) return;
    memory.split = std::max(1, static_cast<int>((memory.tokens + 1) / 2));
    memory.source_token = memory.target_token = -1;
}

void paint(ViewContext& context, EncoderDecoderMemory& memory) {
    for (const Attends which : all_attends) {
        const AttendsMap map = map_of(memory, which);
        memory.pictures[static_cast<std::size_t>(which)].set(
            context.memory.device(),
            paint_map(map.weights, map.rows, map.columns, memory.scale, context.theme,
                      [&](Index query, Index key) { return is_hidden(which, query, key); }));
    }
}

/// "·to looks most at ·king: 0.41"
std::string most_sentence(const ViewContext& context, const EncoderDecoderMemory& memory,
                          Attends which, Index query) {
    const AttendsMap map = map_of(memory, which);
    const Real* row = map.weights + query * map.columns;
    const Index key = std::max_element(row, row + map.columns) - row;
    const std::string& who = row_names(memory, which)[static_cast<std::size_t>(query)];
    const std::string& whom = column_names(memory, which)[static_cast<std::size_t>(key)];
    const std::string weight = formatted("%.2f", double(row[key]));
    return context.language == Language::korean
               ? who + " 토큰이 가장 많이 보는 토큰: " + whom + ", " + weight
               : who + " looks most at " + whom + ": " + weight;
}

void draw_cell_card(ViewContext& context, const EncoderDecoderMemory& memory, Attends which,
                    const HeatmapAnswer& answer) {
    const Theme& theme = context.theme;
    const AttendsMap map = map_of(memory, which);
    if (answer.by_keyboard) {
        begin_card_at(theme, {answer.cell_high.x + theme.unit, answer.cell_high.y + theme.unit});
    } else {
        begin_card(theme);
    }
    const bool rows_read = which == Attends::encoder, columns_read = which != Attends::decoder;
    const auto stack = [&](bool encoder) {
        return encoder ? context.say(" (encoder)", " (인코더)")
                       : context.say(" (decoder)", " (디코더)");
    };
    const float column = 26.0F * theme.unit;
    card_row(theme, context.say("Query", "쿼리"),
             row_names(memory, which)[static_cast<std::size_t>(answer.query)] + stack(rows_read),
             column);
    card_row(
        theme, context.say("Key", "키"),
        column_names(memory, which)[static_cast<std::size_t>(answer.key)] + stack(columns_read),
        column);
    card_row(theme, context.say("Weight", "가중치"),
             formatted("%.4f", double(map.weight(answer.query, answer.key))), column);
    const char* note =
        is_hidden(which, answer.query, answer.key)
            ? context.say("Hidden by the mask: it comes later.", "뒤에 오는 토큰이라 가려져요.")
        : which == Attends::cross
            ? context.say(
                  "No mask here: the whole source is there before the first word is "
                  "written.",
                  "여기에는 마스크가 없어요. 첫 단어를 쓰기 전부터 원문 전체가 있으니까요.")
        : which == Attends::encoder
            ? context.say("No mask here: before and behind are both read.",
                          "여기에는 마스크가 없어요. 앞과 뒤를 모두 읽어요.")
            : context.say("It may look: it does not come later.",
                          "뒤에 오는 토큰이 아니어서 볼 수 있어요.");
    card_note(theme, note, 70.0F * theme.unit);
    end_card();
}

const char* title_of(const ViewContext& context, const EncoderDecoderMemory& memory,
                     Attends which) {
    switch (which) {
        case Attends::encoder:
            return context.say("Encoder: the source looks at itself", "인코더: 원문이 원문을 봐요");
        case Attends::decoder:
            return context.say(
                "Decoder: the target looks back",
                memory.own() ? "디코더: 모델이 쓴 글이 앞을 봐요" : "디코더: 번역문이 앞을 봐요");
        case Attends::cross: break;
    }
    return context.say("Across: the target looks at the source",
                       memory.own() ? "크로스 어텐션: 모델이 쓴 글이 원문을 봐요"
                                    : "크로스 어텐션: 번역문이 원문을 봐요");
}

/// A click or Enter pins tokens: those of a row and a column may be of different texts.
void pin(EncoderDecoderMemory& memory, Attends which, const HeatmapAnswer& answer) {
    const auto toggle = [](Index& token, Index to) {
        if (to >= 0) token = token == to ? -1 : to;
    };
    toggle(which == Attends::encoder ? memory.source_token : memory.target_token, answer.pin_query);
    if (which == Attends::cross) toggle(memory.source_token, answer.pin_key);
}

}  // namespace

Index EncoderDecoderMemory::layers(Attends which) const {
    return own() ? shown->run->stacks[static_cast<std::size_t>(which)].layers() : translator_layers;
}

Index EncoderDecoderMemory::heads() const {
    return own() ? shown->run->stacks.front().heads : translator_heads;
}

AttendsMap map_of(const EncoderDecoderMemory& memory, Attends which) {
    const Activation& pattern = memory.run->at(name_of(memory, which));  // [H, rows, columns]
    const Index rows = pattern.shape[1], columns = pattern.shape[2];
    return {pattern.values.data() + memory.head * rows * columns, pattern.shape[0], rows, columns};
}

namespace {

/// What the model on the stage has read and written.
std::shared_ptr<const ActivationCache> own_run(EncoderDecoderMemory& memory) {
    const std::shared_ptr<const Run>& run = memory.shown->run;
    memory.wanted = run->serial;
    memory.source = memory.shown->labels;
    memory.target = memory.shown->target_labels;
    return {run, &run->activations};
}

/// The translator of 2017 on the two halves of the text; null while there are no numbers for it.
std::shared_ptr<const ActivationCache> translator_run(ViewContext& context,
                                                      EncoderDecoderMemory& memory) {
    if (memory.tokens < 2) return nullptr;
    memory.split = std::clamp(memory.split, 1, static_cast<int>(memory.tokens) - 1);
    const Run& run = *memory.shown->run;
    const auto begin = run.encoding.ids.begin() + (run.has_start ? 1 : 0);
    const auto middle = begin + memory.split;
    const std::vector<int> source(begin, middle);
    // The decoder begins with a start token: the first word has to come from somewhere.
    std::vector<int> target{run.model->info().bos_id};
    target.insert(target.end(), middle, begin + memory.tokens);
    memory.wanted = run.serial * std::uint64_t{most_translator_tokens} +
                    static_cast<std::uint64_t>(memory.split);
    const auto answer = context.background.ask<ActivationCache>(
        "encoder-decoder", memory.wanted, [source, target](const std::stop_token&) {
            return std::make_shared<const ActivationCache>(run_translator(source, target));
        });
    if (!answer.value || answer.id != memory.wanted) return nullptr;
    const auto& labels = memory.shown->labels;
    const auto first = labels.begin() + (run.has_start ? 1 : 0);
    memory.source.assign(first, first + memory.split);
    memory.target.assign(1, context.say("‹start›", "‹시작›"));
    memory.target.insert(memory.target.end(), first + memory.split, first + memory.tokens);
    return answer.value;
}

}  // namespace

bool refresh(ViewContext& context, EncoderDecoderMemory& memory) {
    refresh_text(context, memory);
    auto run = memory.own() ? own_run(memory) : translator_run(context, memory);
    if (!run) return false;
    const bool same = memory.run == run && memory.painted == memory.wanted &&
                      memory.painted_layer == memory.layer && memory.painted_head == memory.head &&
                      memory.dark == context.theme.dark;
    if (same) return true;
    memory.run = std::move(run);
    memory.painted = memory.wanted;
    memory.painted_layer = memory.layer;
    memory.painted_head = memory.head;
    memory.dark = context.theme.dark;
    if (memory.source_token >= static_cast<Index>(memory.source.size())) memory.source_token = -1;
    if (memory.target_token >= static_cast<Index>(memory.target.size())) memory.target_token = -1;
    paint(context, memory);
    return true;
}

void draw_attends(ViewContext& context, EncoderDecoderMemory& memory, Attends which, ImVec2 size) {
    const Theme& theme = context.theme;
    const auto i = static_cast<std::size_t>(which);
    const AttendsMap map = map_of(memory, which);
    const float top = ImGui::GetCursorPosY();
    small_heading(theme, elided(theme.fonts.bold, title_of(context, memory, which), size.x));
    const auto text = [](Index number) { return std::to_string(number); };
    const std::string shape =
        "  [" + text(map.H) + ", " + text(map.rows) + ", " + text(map.columns) + "]";
    ImFont* small = theme.fonts.small;
    caption(theme,
            elided(small, name_of(memory, which), size.x - text_width(small, shape) - theme.unit) +
                shape,
            size.x);
    const Index pinned = which == Attends::encoder ? memory.source_token : memory.target_token;
    Index row = memory.rows[i] >= 0 ? memory.rows[i] : pinned;
    if (row < 0 || row >= map.rows) row = map.rows - 1;
    caption(theme, displayable(most_sentence(context, memory, which, row)), size.x);
    static constexpr std::array<const char*, 3> ids{"encoder", "decoder", "cross"};
    HeatmapInput input;
    input.id = ids[i];
    input.texture = &memory.pictures[i];
    input.values = map.weights;
    input.n = map.columns;
    input.rows = map.rows;
    input.labels = column_names(memory, which);
    input.row_labels = row_names(memory, which);
    input.pinned_query = pinned;
    input.pinned_key = which == Attends::cross ? memory.source_token : -1;
    input.gaps_from = 2.0F;
    input.size = {size.x, size.y - (ImGui::GetCursorPosY() - top)};
    input.query_title =
        which == Attends::encoder
            ? context.say("query: source", "쿼리: 원문")
            : context.say("query: target", memory.own() ? "쿼리: 모델이 쓴 글" : "쿼리: 번역문");
    input.key_title =
        which == Attends::decoder
            ? context.say("key: target", memory.own() ? "키: 모델이 쓴 글" : "키: 번역문")
            : context.say("key: source", "키: 원문");
    const HeatmapAnswer answer = draw_heatmap(theme, input, memory.states[i]);
    if (answer.pin) pin(memory, which, answer);
    memory.rows[i] = answer.query;
    if (answer.query >= 0 && answer.key >= 0) draw_cell_card(context, memory, which, answer);
}

}  // namespace vitrine::viz
